import { createConstraints } from '../control/constraints.js';
import { pageOf } from '../control/paging.js';
import type { Route } from '../control/route.js';
import type { JsonObject } from '../json.js';
import type { CustomModels } from './custom-models.js';
import type { CustomizationJobs } from './customization-jobs.js';
import { jobSummary } from './job-view.js';

/** The control plane's operations on customization jobs, custom models and their deployments. */
export function customizationRoutes(jobs: CustomizationJobs, models: CustomModels): readonly Route[] {
  const deployment = /^\/model-customization\/custom-model-deployments\/(.+)$/;
  const deployments = /^\/model-customization\/custom-model-deployments$/;
  return [
    {
      method: 'POST',
      path: /^\/model-customization-jobs$/,
      status: 201,
      answer: (_, __, body) => jobs.create(body()),
    },
    {
      method: 'GET',
      path: /^\/model-customization-jobs$/,
      status: 200,
      answer: ({ query }) => listJobs(jobs, query),
    },
    {
      method: 'POST',
      path: /^\/model-customization-jobs\/(.+)\/stop$/,
      status: 200,
      answer: (_, identifier) => {
        jobs.stop(identifier);
        return {};
      },
    },
    {
      method: 'GET',
      path: /^\/model-customization-jobs\/(.+)$/,
      status: 200,
      answer: (_, identifier) => jobs.get(identifier),
    },
    { method: 'GET', path: /^\/custom-models$/, status: 200, answer: ({ query }) => models.list(query) },
    {
      method: 'GET',
      path: /^\/custom-models\/(.+)$/,
      status: 200,
      answer: (_, identifier) => models.get(identifier),
    },
    {
      method: 'DELETE',
      path: /^\/custom-models\/(.+)$/,
      status: 200,
      answer: (_, identifier) => {
        models.delete(identifier);
        return {};
      },
    },
    { method: 'POST', path: deployments, status: 202, answer: (_, __, body) => models.deploy(body()) },
    { method: 'GET', path: deployments, status: 200, answer: ({ query }) => models.listDeployments(query) },
    {
      method: 'GET',
      path: deployment,
      status: 200,
      answer: (_, identifier) => models.getDeployment(identifier),
    },
    {
      method: 'DELETE',
      path: deployment,
      status: 200,
      answer: (_, identifier) => {
        models.undeploy(identifier);
        return {};
      },
    },
  ];
}

const STATUSES = ['InProgress', 'Completed', 'Failed', 'Stopping', 'Stopped'];

function listJobs(jobs: CustomizationJobs, query: URLSearchParams): JsonObject {
  const constraints = createConstraints();
  const status = constraints.text('statusEquals', query.get('statusEquals') ?? undefined, {
    oneOf: STATUSES,
  });
  const name = constraints.text('nameContains', query.get('nameContains') ?? undefined, { maxLength: 63 });
  constraints.done();
  const matching = jobs
    .list()
    .filter(
      (job) =>
        (status === undefined || job.status === status) &&
        (name === undefined || job.request.jobName.includes(name)),
    );
  const { entries, nextToken } = pageOf(matching, query, ({ jobId }) => jobId);
  return {
    modelCustomizationJobSummaries: entries.map(jobSummary),
    ...(nextToken === undefined ? {} : { nextToken }),
  };
}
