import { type Constraints, createConstraints } from '../control/constraints.js';
import { readTags } from '../control/tags.js';
import { arrayOf, isObject, type JsonObject } from '../json.js';
import type { BatchJobRequest } from './batch-job.js';

// Patterns and limits are those of the service model (botocore 1.43.107, `bedrock` 2023-04-20).
const JOB_NAME = /[a-zA-Z0-9]{1,63}(-*[a-zA-Z0-9+\-.]){0,63}/;
const ROLE_ARN = /arn:aws(-[^:]+)?:iam::([0-9]{12})?:role\/.+/;
const CLIENT_TOKEN = /[a-zA-Z0-9]{1,256}(-*[a-zA-Z0-9]){0,256}/;
const S3_URI =
  /s3:\/\/[a-z0-9][-.a-z0-9]{1,61}[a-z0-9](?:\/[-!_*'().a-z0-9A-Z]+(?:\/[-!_*'().a-z0-9A-Z]+)*)?\/?/;
const MODEL_ID =
  /(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:(([0-9]{12}:custom-model\/[a-z0-9-]{1,63}[.]{1}[a-z0-9-:]{1,63}\/[a-z0-9]{12})|(:foundation-model\/([a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([.]?[a-z0-9-]{1,63})([:][a-z0-9-]{1,63}){0,2}))|([0-9]{12}:(inference-profile|application-inference-profile)\/[a-zA-Z0-9-:.]+)))|([a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([.]?[a-z0-9-]{1,63})([:][a-z0-9-]{1,63}){0,2})|(([0-9a-zA-Z][_-]?)+)/;
const KMS_KEY =
  /(arn:aws(-[^:]+)?:kms:[a-zA-Z0-9-]*:[0-9]{12}:((key\/[a-zA-Z0-9-]{36})|(alias\/[a-zA-Z0-9-_/]+)))|([a-zA-Z0-9-]{36})|(alias\/[a-zA-Z0-9-_/]+)/;
const ACCOUNT = /[0-9]{12}/;
const MIN_TIMEOUT_HOURS = 24;
const MAX_TIMEOUT_HOURS = 168;
/** The user guide names no default; the shortest is assumed. */
const DEFAULT_TIMEOUT_HOURS = 24;

/**
 * Reads a CreateModelInvocationJob request.
 * @throws BedrockFault `ValidationException` with every constraint that it breaks
 */
export const readJobRequest = (body: JsonObject, generatedToken: string): BatchJobRequest => {
  const constraints = createConstraints();
  const token = constraints.text('clientRequestToken', body['clientRequestToken'], {
    minLength: 1,
    maxLength: 256,
    pattern: CLIENT_TOKEN,
  });
  const text = (name: string, pattern: RegExp, maxLength: number): string =>
    constraints.text(name, body[name], { required: true, minLength: 1, maxLength, pattern }) ?? '';
  const vpcConfig = readVpcConfig(body['vpcConfig'], constraints);
  const request: BatchJobRequest = {
    jobName: text('jobName', JOB_NAME, 63),
    roleArn: text('roleArn', ROLE_ARN, 2048),
    modelId: text('modelId', MODEL_ID, 2048),
    modelInvocationType:
      constraints.text('modelInvocationType', body['modelInvocationType'], {
        oneOf: ['InvokeModel', 'Converse'],
      }) === 'Converse'
        ? 'Converse'
        : 'InvokeModel',
    inputDataConfig: { s3InputDataConfig: readInput(body['inputDataConfig'], constraints) },
    outputDataConfig: { s3OutputDataConfig: readOutput(body['outputDataConfig'], constraints) },
    ...(vpcConfig === undefined ? {} : { vpcConfig }),
    timeoutDurationInHours:
      constraints.integer('timeoutDurationInHours', body['timeoutDurationInHours'], {
        min: MIN_TIMEOUT_HOURS,
        max: MAX_TIMEOUT_HOURS,
      }) ?? DEFAULT_TIMEOUT_HOURS,
    clientRequestToken: token ?? generatedToken,
    tags: readTags('tags', body['tags'], constraints),
  };
  constraints.done();
  return request;
};

const readInput = (
  value: unknown,
  constraints: Constraints,
): BatchJobRequest['inputDataConfig']['s3InputDataConfig'] => {
  const path = 'inputDataConfig.s3InputDataConfig';
  const config = readLocation('inputDataConfig', 's3InputDataConfig', value, constraints);
  const format = constraints.text(`${path}.s3InputFormat`, config['s3InputFormat'], { oneOf: ['JSONL'] });
  return {
    ...readUri(path, config, constraints),
    ...(format === undefined ? {} : { s3InputFormat: 'JSONL' }),
  };
};

const readOutput = (
  value: unknown,
  constraints: Constraints,
): BatchJobRequest['outputDataConfig']['s3OutputDataConfig'] => {
  const path = 'outputDataConfig.s3OutputDataConfig';
  const config = readLocation('outputDataConfig', 's3OutputDataConfig', value, constraints);
  const keyId = constraints.text(`${path}.s3EncryptionKeyId`, config['s3EncryptionKeyId'], {
    minLength: 1,
    maxLength: 2048,
    pattern: KMS_KEY,
  });
  return {
    ...readUri(path, config, constraints),
    ...(keyId === undefined ? {} : { s3EncryptionKeyId: keyId }),
  };
};

const readLocation = (outer: string, inner: string, value: unknown, constraints: Constraints): JsonObject => {
  const config = constraints.object(outer, value, { required: true });
  if (config === undefined) return { s3Uri: 's3://absent' };
  return (
    constraints.object(`${outer}.${inner}`, config[inner], { required: true }) ?? { s3Uri: 's3://absent' }
  );
};

const readUri = (
  path: string,
  config: JsonObject,
  constraints: Constraints,
): { readonly s3Uri: string; readonly s3BucketOwner?: string } => {
  const s3Uri = constraints.text(`${path}.s3Uri`, config['s3Uri'], {
    required: true,
    minLength: 1,
    maxLength: 1024,
    pattern: S3_URI,
  });
  const owner = constraints.text(`${path}.s3BucketOwner`, config['s3BucketOwner'], { pattern: ACCOUNT });
  return { s3Uri: s3Uri ?? '', ...(owner === undefined ? {} : { s3BucketOwner: owner }) };
};

const readVpcConfig = (value: unknown, constraints: Constraints): BatchJobRequest['vpcConfig'] => {
  if (value === undefined) return undefined;
  const config = isObject(value) ? value : {};
  const list = (name: string, max: number): string[] => {
    const entries = arrayOf(config[name]).filter((entry) => typeof entry === 'string');
    if (entries.length < 1 || entries.length > max) {
      constraints.reject(`vpcConfig.${name}`, undefined, `Member must have between 1 and ${max} entries`);
    }
    return entries;
  };
  return { subnetIds: list('subnetIds', 16), securityGroupIds: list('securityGroupIds', 5) };
};
