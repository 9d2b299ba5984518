import type { LocalContext, LoggingConfiguration } from '../contract.js';
import { isObject, type JsonObject } from '../json.js';
import type { ObjectStore } from '../s3/object-store.js';
import { validation } from '../wire/bedrock-fault.js';
import { type Constraints, createConstraints } from './constraints.js';

const DELIVERY_FLAGS = [
  'textDataDeliveryEnabled',
  'imageDataDeliveryEnabled',
  'embeddingDataDeliveryEnabled',
  'videoDataDeliveryEnabled',
  'audioDataDeliveryEnabled',
] as const;
const ROLE_ARN = /arn:aws(-[^:]+)?:iam::([0-9]{12})?:role\/.+/;

/** Object that the service writes to see whether it may; readers of logs must skip it. */
const PERMISSION_CHECK = 'amazon-bedrock-logs-permission-check';

/**
 * PutModelInvocationLoggingConfiguration. The bucket must exist; as the service does, it leaves an object there
 * that shows that it may write.
 * @throws BedrockFault `ValidationException`
 */
export const putLoggingConfiguration = async (
  { logging, accountId }: LocalContext,
  store: ObjectStore,
  body: JsonObject,
): Promise<void> => {
  const configuration = readLoggingConfiguration(body);
  const { s3Config } = configuration;
  if (s3Config === undefined) {
    throw validation(
      'The local Bedrock delivers invocation logs to Amazon S3 only. Set loggingConfig.s3Config.',
    );
  }
  const { bucketName, keyPrefix = '' } = s3Config;
  if (!(await store.hasBucket(bucketName))) {
    throw validation(
      `Failed to validate permissions for bucket: ${bucketName}. Verify that the bucket exists and its policy allows Amazon Bedrock to write.`,
    );
  }
  const folder = keyPrefix === '' || keyPrefix.endsWith('/') ? keyPrefix : `${keyPrefix}/`;
  await store.put(
    bucketName,
    `${folder}AWSLogs/${accountId}/BedrockModelInvocationLogs/${PERMISSION_CHECK}`,
    Buffer.from('Permissions are set correctly for Amazon Bedrock logs.'),
  );
  logging.set(configuration);
};

/** GetModelInvocationLoggingConfiguration: empty when logging is off. */
export const getLoggingConfiguration = ({ logging }: LocalContext): JsonObject => {
  const loggingConfig = logging.get();
  return loggingConfig === undefined ? {} : { loggingConfig };
};

const readLoggingConfiguration = (body: JsonObject): LoggingConfiguration => {
  const constraints = createConstraints();
  const given = constraints.object('loggingConfig', body['loggingConfig'], { required: true }) ?? {};
  const s3Config = readS3Config('loggingConfig.s3Config', given['s3Config'], constraints);
  const cloudWatchConfig = readCloudWatchConfig(given['cloudWatchConfig'], constraints);
  const flags: Partial<Record<(typeof DELIVERY_FLAGS)[number], boolean>> = {};
  for (const name of DELIVERY_FLAGS) {
    const flag = given[name];
    if (typeof flag === 'boolean') flags[name] = flag;
    else if (flag !== undefined && flag !== null)
      constraints.reject(`loggingConfig.${name}`, flag, 'Member must be a boolean');
  }
  constraints.done();
  return {
    ...(s3Config === undefined ? {} : { s3Config }),
    ...(cloudWatchConfig === undefined ? {} : { cloudWatchConfig }),
    ...flags,
  };
};

const readS3Config = (
  path: string,
  value: unknown,
  constraints: Constraints,
): LoggingConfiguration['s3Config'] => {
  const config = constraints.object(path, value);
  if (config === undefined) return undefined;
  const bucketName = constraints.text(`${path}.bucketName`, config['bucketName'], {
    required: true,
    minLength: 3,
    maxLength: 63,
  });
  const keyPrefix = constraints.text(`${path}.keyPrefix`, config['keyPrefix'], { maxLength: 1024 });
  return { bucketName: bucketName ?? '', ...(keyPrefix === undefined ? {} : { keyPrefix }) };
};

const readCloudWatchConfig = (
  value: unknown,
  constraints: Constraints,
): LoggingConfiguration['cloudWatchConfig'] => {
  const path = 'loggingConfig.cloudWatchConfig';
  if (!isObject(value)) return undefined;
  const logGroupName = constraints.text(`${path}.logGroupName`, value['logGroupName'], {
    required: true,
    minLength: 1,
    maxLength: 512,
  });
  const roleArn = constraints.text(`${path}.roleArn`, value['roleArn'], {
    required: true,
    maxLength: 2048,
    pattern: ROLE_ARN,
  });
  const large = readS3Config(
    `${path}.largeDataDeliveryS3Config`,
    value['largeDataDeliveryS3Config'],
    constraints,
  );
  return {
    logGroupName: logGroupName ?? '',
    roleArn: roleArn ?? '',
    ...(large === undefined ? {} : { largeDataDeliveryS3Config: large }),
  };
};
