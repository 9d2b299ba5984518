import type { LoggingConfig as BedrockLogging } from '@aws-sdk/client-bedrock';
import type { AccountResource } from './account-resource.js';
import type { LoggingConfig } from './alerts-config.js';
import { canonical, type Json } from './json.js';
import type { Setup } from './setup.js';

function bedrockLogging({ bucket, prefix, logGroup, roleArn, bodies = true }: LoggingConfig): BedrockLogging {
  return {
    ...(bucket === undefined
      ? {}
      : { s3Config: { bucketName: bucket, ...(prefix === undefined ? {} : { keyPrefix: prefix }) } }),
    ...(logGroup === undefined || roleArn === undefined
      ? {}
      : { cloudWatchConfig: { logGroupName: logGroup, roleArn } }),
    textDataDeliveryEnabled: bodies,
    imageDataDeliveryEnabled: bodies,
    embeddingDataDeliveryEnabled: bodies,
    videoDataDeliveryEnabled: bodies,
    audioDataDeliveryEnabled: bodies,
  };
}

/** Plain JSON of what is set; a service may leave out what is empty, or show it as such. */
const viewOf = (value: BedrockLogging): Json =>
  JSON.parse(JSON.stringify(value, (_, member: unknown) => (member === '' ? undefined : member))) as Json;

/**
 * Invocation logging: one configuration for each account and Region, which carries no tag. It is ours when it says
 * just what we want; another one is somebody's, and stays until it is to be replaced.
 */
export function loggingResource(setup: Setup, region: string, logging: LoggingConfig): AccountResource {
  const { clients } = setup;
  const input = { loggingConfig: bedrockLogging(logging) };
  const desired = viewOf(input.loggingConfig);
  const put = async (): Promise<void> => {
    const [client, { PutModelInvocationLoggingConfigurationCommand }] = await Promise.all([
      clients.bedrock(region),
      import('@aws-sdk/client-bedrock'),
    ]);
    await client.send(new PutModelInvocationLoggingConfigurationCommand(input));
  };
  return {
    kind: 'logging',
    name: 'model invocation logging',
    region,
    desired,
    requests: [{ operation: 'PutModelInvocationLoggingConfiguration', input }],
    read: async () => {
      const [client, { GetModelInvocationLoggingConfigurationCommand }] = await Promise.all([
        clients.bedrock(region),
        import('@aws-sdk/client-bedrock'),
      ]);
      const { loggingConfig } = await client.send(new GetModelInvocationLoggingConfigurationCommand({}));
      if (loggingConfig === undefined) return undefined;
      const view = viewOf(loggingConfig);
      return { view, ours: canonical(view) === canonical(desired) };
    },
    create: put,
    update: put,
    remove: async () => {
      const [client, { DeleteModelInvocationLoggingConfigurationCommand }] = await Promise.all([
        clients.bedrock(region),
        import('@aws-sdk/client-bedrock'),
      ]);
      await client.send(new DeleteModelInvocationLoggingConfigurationCommand({}));
    },
  };
}
