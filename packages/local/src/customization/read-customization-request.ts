import { type Constraints, createConstraints } from '../control/constraints.js';
import { readTags } from '../control/tags.js';
import { isObject, type JsonObject } from '../json.js';
import type { CustomizationJobRequest, TrainingSource } from './customization-job.js';
import { readMetadataFilter } from './metadata-filter.js';

// Patterns and limits are those of the service model, as the SDK documents them (client-bedrock 3.1169).
const JOB_NAME = /[a-zA-Z0-9](-*[a-zA-Z0-9+\-.])*/;
const MODEL_NAME = /([0-9a-zA-Z][_-]?){1,63}/;
const ROLE_ARN = /arn:aws(-[^:]+)?:iam::([0-9]{12})?:role\/.+/;
const TOKEN = /[a-zA-Z0-9](-*[a-zA-Z0-9])*/;
const S3_URI = /s3:\/\/[a-z0-9][-.a-z0-9]{1,61}[a-z0-9](?:\/.*)?/;
const MAX_IDENTIFIER_LENGTH = 2048;
const MAX_URI_LENGTH = 1024;

/**
 * Reads a CreateModelCustomizationJob request. Of its types only DISTILLATION is served here.
 * @throws BedrockFault `ValidationException` with every constraint that it breaks
 */
export function readCustomizationRequest(body: JsonObject, generatedToken: string): CustomizationJobRequest {
  const constraints = createConstraints();
  const text = (name: string, maxLength: number, pattern?: RegExp): string =>
    constraints.text(name, body[name], {
      required: true,
      minLength: 1,
      maxLength,
      ...(pattern === undefined ? {} : { pattern }),
    }) ?? '';
  const token = constraints.text('clientRequestToken', body['clientRequestToken'], {
    minLength: 1,
    maxLength: 256,
    pattern: TOKEN,
  });
  constraints.text('customizationType', body['customizationType'], {
    required: true,
    oneOf: ['DISTILLATION'],
  });
  const customization = constraints.object('customizationConfig', body['customizationConfig'], {
    required: true,
  });
  const path = 'customizationConfig.distillationConfig';
  const distillation = constraints.object(path, customization?.['distillationConfig'], { required: true });
  const teacher = constraints.object(`${path}.teacherModelConfig`, distillation?.['teacherModelConfig'], {
    required: true,
  });
  const trainingDataConfig =
    constraints.object('trainingDataConfig', body['trainingDataConfig'], { required: true }) ?? {};
  const outputDataConfig =
    constraints.object('outputDataConfig', body['outputDataConfig'], { required: true }) ?? {};
  const request: CustomizationJobRequest = {
    jobName: text('jobName', 63, JOB_NAME),
    customModelName: text('customModelName', 63, MODEL_NAME),
    roleArn: text('roleArn', 2048, ROLE_ARN),
    baseModelIdentifier: text('baseModelIdentifier', MAX_IDENTIFIER_LENGTH),
    teacherModelIdentifier:
      constraints.text(
        `${path}.teacherModelConfig.teacherModelIdentifier`,
        teacher?.['teacherModelIdentifier'],
        { required: true, minLength: 1, maxLength: MAX_IDENTIFIER_LENGTH },
      ) ?? '',
    maxResponseLength: constraints.integer(
      `${path}.teacherModelConfig.maxResponseLengthForInference`,
      teacher?.['maxResponseLengthForInference'],
      { min: 1, max: 2_147_483_647 },
    ),
    source: readSource(trainingDataConfig, constraints),
    outputS3Uri: readUri('outputDataConfig.s3Uri', outputDataConfig['s3Uri'], constraints),
    hyperParameters: readHyperParameters(body['hyperParameters'], constraints),
    clientRequestToken: token ?? generatedToken,
    jobTags: readTags('jobTags', body['jobTags'], constraints),
    customModelTags: readTags('customModelTags', body['customModelTags'], constraints),
    repeated: { trainingDataConfig, outputDataConfig, customizationConfig: customization ?? {} },
  };
  constraints.done();
  return request;
}

function readSource(config: JsonObject, constraints: Constraints): TrainingSource {
  const path = 'trainingDataConfig.invocationLogsConfig';
  const logs = config['invocationLogsConfig'];
  if ((logs === undefined) === (config['s3Uri'] === undefined)) {
    constraints.reject(
      'trainingDataConfig',
      undefined,
      'Member must have one of s3Uri and invocationLogsConfig',
    );
  }
  if (!isObject(logs)) {
    return { kind: 'prompts', s3Uri: readUri('trainingDataConfig.s3Uri', config['s3Uri'], constraints) };
  }
  const source = constraints.object(`${path}.invocationLogSource`, logs['invocationLogSource'], {
    required: true,
  });
  return {
    kind: 'logs',
    s3Uri: readUri(`${path}.invocationLogSource.s3Uri`, source?.['s3Uri'], constraints),
    usePromptResponse: logs['usePromptResponse'] === true,
    filter: readMetadataFilter(`${path}.requestMetadataFilters`, logs['requestMetadataFilters'], constraints),
  };
}

function readUri(path: string, value: unknown, constraints: Constraints): string {
  return (
    constraints.text(path, value, {
      required: true,
      minLength: 1,
      maxLength: MAX_URI_LENGTH,
      pattern: S3_URI,
    }) ?? ''
  );
}

function readHyperParameters(value: unknown, constraints: Constraints): Record<string, string> | undefined {
  if (value === undefined || value === null) return undefined;
  const entries = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.map(([name, member]) => [name, constraints.text(`hyperParameters.${name}`, member, {}) ?? '']),
  );
}
