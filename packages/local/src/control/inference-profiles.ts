import { randomUUID } from 'node:crypto';
import type { CatalogueModel } from '@costkit/pricing/catalogue';
import type { LocalContext } from '../contract.js';
import type { JsonObject } from '../json.js';
import { createResourceId } from '../resource-id.js';
import { BedrockFault, validation } from '../wire/bedrock-fault.js';
import { createConstraints } from './constraints.js';
import { callablePrefixes, foundationModelArn } from './foundation-models.js';
import { GEOGRAPHIES } from './geographies.js';
import { pageOf } from './paging.js';
import { createRequestTokens } from './request-tokens.js';
import { type ResourceTags, readTags } from './tags.js';

/** The inference profiles of the account: the service's own, and those that the user created. */
export interface InferenceProfiles {
  /** CreateInferenceProfile. @throws BedrockFault `ValidationException`, `ConflictException`, `TooManyTagsException` */
  create(body: JsonObject): JsonObject;
  /** GetInferenceProfile, by id or ARN. @throws BedrockFault `ResourceNotFoundException` */
  get(identifier: string): JsonObject;
  /** ListInferenceProfiles. @throws BedrockFault `ValidationException` */
  list(query: URLSearchParams): JsonObject;
  /** DeleteInferenceProfile. @throws BedrockFault `ResourceNotFoundException`, `ValidationException` */
  delete(identifier: string): void;
}

interface InferenceProfile extends JsonObject {
  readonly inferenceProfileArn: string;
  readonly inferenceProfileId: string;
  readonly type: 'SYSTEM_DEFINED' | 'APPLICATION';
  readonly models: readonly { readonly modelArn: string }[];
}

// Patterns are those of the service model (botocore 1.43.107, `bedrock` 2023-04-20).
const NAME = /([0-9a-zA-Z][ _-]?)+/;
const DESCRIPTION = /([0-9a-zA-Z:.][ _-]?)+/;
const TOKEN = /[a-zA-Z0-9]([-a-zA-Z0-9]{0,254}[a-zA-Z0-9])?/;
const SOURCE =
  /arn:aws(|-us-gov|-cn|-iso|-iso-b):bedrock:(|[0-9a-z-]{0,20}):(|[0-9]{12}):(inference-profile|foundation-model)\/[a-zA-Z0-9-:.]+/;
const IDENTIFIER =
  /(arn:aws(|-us-gov|-cn|-iso|-iso-b):bedrock:(|[0-9a-z-]{0,20}):(|[0-9]{12}):(inference-profile|application-inference-profile)\/)?[a-zA-Z0-9-:.]+/;
/** When the service made its own profiles is not shown here; a date before every model stands for it. */
const SYSTEM_PROFILE_TIME = '2024-08-26T00:00:00.000Z';

/** Starts with the service's own profiles. Those that users create are announced to the engine as aliases. */
export const createInferenceProfiles = (context: LocalContext, tags: ResourceTags): InferenceProfiles => {
  const { region, accountId, aliases, clock } = context;
  const applications = new Map<string, InferenceProfile>();
  const tokens = createRequestTokens('profile');

  const systemProfiles = (): InferenceProfile[] =>
    [...context.catalogue.values()].flatMap((model) =>
      callablePrefixes(model, region).map((prefix) => systemProfile(model, prefix, region, accountId)),
    );
  const find = (identifier: string): InferenceProfile => {
    const constraints = createConstraints();
    constraints.text('inferenceProfileIdentifier', identifier, {
      minLength: 1,
      maxLength: 2048,
      pattern: IDENTIFIER,
    });
    constraints.done();
    const found = [...applications.values(), ...systemProfiles()].find(
      ({ inferenceProfileArn, inferenceProfileId }) =>
        identifier === inferenceProfileArn || identifier === inferenceProfileId,
    );
    if (found !== undefined) return found;
    throw new BedrockFault(
      'ResourceNotFoundException',
      `Could not find the inference profile ${identifier}.`,
    );
  };
  /** The models behind a source; a foundation model must be one that can be called from here by its bare id. */
  const modelsOf = (source: string): InferenceProfile['models'] => {
    const resolved = context.engine.resolve(source);
    if (resolved === undefined) throw validation('The provided model identifier is invalid.');
    if (source.includes(':inference-profile/')) return find(source.slice(source.indexOf('/') + 1)).models;
    return [{ modelArn: foundationModelArn(resolved.model.id, region) }];
  };

  return {
    create: (body) => {
      const constraints = createConstraints();
      const name = constraints.text('inferenceProfileName', body['inferenceProfileName'], {
        required: true,
        minLength: 1,
        maxLength: 64,
        pattern: NAME,
      });
      const description = constraints.text('description', body['description'], {
        minLength: 1,
        maxLength: 200,
        pattern: DESCRIPTION,
      });
      const token = constraints.text('clientRequestToken', body['clientRequestToken'], {
        minLength: 1,
        maxLength: 256,
        pattern: TOKEN,
      });
      const source = constraints.object('modelSource', body['modelSource'], { required: true });
      const copyFrom = constraints.text('modelSource.copyFrom', source?.['copyFrom'], {
        required: true,
        minLength: 1,
        maxLength: 2048,
        pattern: SOURCE,
      });
      const given = readTags('tags', body['tags'], constraints);
      constraints.done();
      const request = [name, description, copyFrom, given];
      const inferenceProfileArn = tokens.once(token, request, () => {
        const models = modelsOf(copyFrom as string);
        const inferenceProfileId = createResourceId(`${applications.size}/${randomUUID()}`);
        const arn = `arn:aws:bedrock:${region}:${accountId}:application-inference-profile/${inferenceProfileId}`;
        const time = new Date(clock.now()).toISOString();
        tags.open(arn, given);
        applications.set(inferenceProfileId, {
          inferenceProfileName: name,
          ...(description === undefined ? {} : { description }),
          createdAt: time,
          updatedAt: time,
          inferenceProfileArn: arn,
          models,
          inferenceProfileId,
          status: 'ACTIVE',
          type: 'APPLICATION',
        });
        aliases.set(arn, copyFrom as string);
        return arn;
      });
      return { inferenceProfileArn, status: 'ACTIVE' };
    },
    get: find,
    list: (query) => {
      const constraints = createConstraints();
      const type = constraints.text('typeEquals', query.get('type') ?? undefined, {
        oneOf: ['SYSTEM_DEFINED', 'APPLICATION'],
      });
      constraints.done();
      const profiles = [...systemProfiles(), ...applications.values()].filter(
        (profile) => type === undefined || profile.type === type,
      );
      const { entries, nextToken } = pageOf(profiles, query, ({ inferenceProfileId }) => inferenceProfileId);
      return { inferenceProfileSummaries: entries, ...(nextToken === undefined ? {} : { nextToken }) };
    },
    delete: (identifier) => {
      const profile = find(identifier);
      if (profile.type === 'SYSTEM_DEFINED')
        throw validation('A system-defined inference profile cannot be deleted.');
      applications.delete(profile.inferenceProfileId);
      aliases.delete(profile.inferenceProfileArn);
      tags.close(profile.inferenceProfileArn);
    },
  };
};

const systemProfile = (
  model: CatalogueModel,
  prefix: string,
  region: string,
  accountId: string,
): InferenceProfile => {
  const geography = GEOGRAPHIES.get(prefix);
  const inferenceProfileId = `${prefix}.${model.id}`;
  const name = model.name ?? model.id;
  return {
    inferenceProfileName: `${geography?.name ?? prefix} ${name}`,
    description: `Routes requests to ${name} in ${prefix === 'global' ? 'all commercial Regions' : (geography?.name ?? prefix)}.`,
    createdAt: SYSTEM_PROFILE_TIME,
    updatedAt: SYSTEM_PROFILE_TIME,
    inferenceProfileArn: `arn:aws:bedrock:${region}:${accountId}:inference-profile/${inferenceProfileId}`,
    models: (geography?.destinations ?? [region]).map((destination) => ({
      modelArn: foundationModelArn(model.id, destination),
    })),
    inferenceProfileId,
    status: 'ACTIVE',
    type: 'SYSTEM_DEFINED',
  };
};
