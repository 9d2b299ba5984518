import type { BatchJobs } from '../batch/batch-jobs.js';
import { jobView } from '../batch/job-view.js';
import type { HttpRequest, HttpResponse, LocalContext, RouteHandler } from '../contract.js';
import { isObject, type JsonObject } from '../json.js';
import type { ObjectStore } from '../s3/object-store.js';
import { validation } from '../wire/bedrock-fault.js';
import { createConstraints } from './constraints.js';
import {
  getFoundationModel,
  getFoundationModelAvailability,
  listFoundationModels,
} from './foundation-models.js';
import { createInferenceProfiles } from './inference-profiles.js';
import { checkJobIdentifier, listInvocationJobs } from './invocation-jobs.js';
import { getLoggingConfiguration, putLoggingConfiguration } from './logging-configuration.js';
import type { Route } from './route.js';
import { type ResourceTags, readTags } from './tags.js';

/** Options of {@link controlRoutes}. */
export interface ControlRoutesOptions {
  readonly context: LocalContext;
  /** Batch inference jobs. */
  readonly jobs: BatchJobs;
  /** Where invocation logs go; their bucket must be there. */
  readonly store: ObjectStore;
  /** Tags of all resources. */
  readonly tags: ResourceTags;
  /** Operations on customization jobs and custom models. */
  readonly customization: readonly Route[];
}

/**
 * Answers the control plane: foundation models, inference profiles, tags, invocation logging, batch jobs, distillation.
 * What it refuses it throws as a BedrockFault; what is not its own it leaves to others.
 *
 * @example
 * ```ts
 * const jobs = createBatchJobs({ context, store });
 * const handle = controlRoutes({ context, jobs, store, tags: createResourceTags(), customization: [] });
 * ```
 */
export const controlRoutes = ({
  context,
  jobs,
  store,
  tags,
  customization,
}: ControlRoutesOptions): RouteHandler => {
  const profiles = createInferenceProfiles(context, tags);
  const route = (method: string, path: RegExp, answer: Route['answer'], status = 200): Route => ({
    method,
    path,
    status,
    answer,
  });

  const routes: readonly Route[] = [
    ...customization,
    route('GET', /^\/foundation-models$/, ({ query }) => listFoundationModels(context, query)),
    route('GET', /^\/foundation-models\/([^/]+)$/, (_request, model) => getFoundationModel(context, model)),
    route('GET', /^\/foundation-model-availability\/([^/]+)$/, (_request, model) =>
      getFoundationModelAvailability(context, model),
    ),

    route('GET', /^\/inference-profiles$/, ({ query }) => profiles.list(query)),
    route('POST', /^\/inference-profiles$/, (_request, _id, body) => profiles.create(body()), 201),
    route('GET', /^\/inference-profiles\/([^/]+)$/, (_request, profile) => profiles.get(profile)),
    route('DELETE', /^\/inference-profiles\/([^/]+)$/, (_request, profile) => {
      profiles.delete(profile);
      return {};
    }),

    route('GET', /^\/logging\/modelinvocations$/, () => getLoggingConfiguration(context)),
    route('PUT', /^\/logging\/modelinvocations$/, async (_request, _id, body) => {
      await putLoggingConfiguration(context, store, body());
      return {};
    }),
    route('DELETE', /^\/logging\/modelinvocations$/, () => {
      context.logging.set(undefined);
      return {};
    }),

    route('POST', /^\/model-invocation-job$/, (_request, _id, body) => {
      const { jobArn, request: accepted } = jobs.create(body());
      if (!tags.has(jobArn)) tags.open(jobArn, accepted.tags);
      return { jobArn };
    }),
    route('GET', /^\/model-invocation-jobs$/, ({ query }) => listInvocationJobs(jobs, query)),
    route('GET', /^\/model-invocation-job\/([^/]+)$/, (_request, job) =>
      jobView(jobs.get(checkJobIdentifier(job))),
    ),
    route('POST', /^\/model-invocation-job\/([^/]+)\/stop$/, (_request, job) => {
      jobs.stop(checkJobIdentifier(job));
      return {};
    }),

    route('POST', /^\/listTagsForResource$/, (_request, _id, body) => ({
      tags: tags.list(resourceOf(body())),
    })),
    route('POST', /^\/tagResource$/, (_request, _id, read) => {
      const body = read();
      const constraints = createConstraints();
      const given = readTags('tags', body['tags'], constraints);
      constraints.done();
      tags.add(resourceOf(body), given);
      return {};
    }),
    route('POST', /^\/untagResource$/, (_request, _id, read) => {
      const body = read();
      const keys = Array.isArray(body['tagKeys']) ? body['tagKeys'].map(String) : [];
      tags.remove(resourceOf(body), keys);
      return {};
    }),
  ];

  return async (request) => {
    const path = request.path.length > 1 ? request.path.replace(/\/$/, '') : request.path;
    for (const { method, path: pattern, status, answer } of routes) {
      const match = method === request.method ? pattern.exec(path) : null;
      if (match !== null)
        return json(status, await answer(request, decode(match[1] ?? ''), () => bodyOf(request)));
    }
    return undefined;
  };
};

const json = (status: number, body: JsonObject): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const bodyOf = (request: HttpRequest): JsonObject => {
  try {
    const parsed: unknown = request.body.byteLength === 0 ? {} : JSON.parse(request.body.toString('utf8'));
    if (isObject(parsed)) return parsed;
  } catch {
    // Answered below, like JSON that is no object.
  }
  throw validation('The request body is not a valid JSON object.');
};

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw validation('The request path is not validly encoded.');
  }
};

const resourceOf = (body: JsonObject): string => {
  const constraints = createConstraints();
  const arn = constraints.text('resourceARN', body['resourceARN'], {
    required: true,
    minLength: 20,
    maxLength: 1011,
  });
  constraints.done();
  return arn ?? '';
};
