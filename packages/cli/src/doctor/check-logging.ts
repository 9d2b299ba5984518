import type { AwsClients } from '../aws-clients.js';
import { type Check, notChecked } from './check.js';

/** Whether Bedrock logs what is called in a Region. Analyses read these logs, and nothing is in them afterwards. */
export async function checkLogging(clients: AwsClients, region: string): Promise<Check> {
  const check = 'logging';
  try {
    const [client, { GetModelInvocationLoggingConfigurationCommand }] = await Promise.all([
      clients.bedrock(region),
      import('@aws-sdk/client-bedrock'),
    ]);
    const { loggingConfig } = await client.send(new GetModelInvocationLoggingConfigurationCommand({}));
    if (loggingConfig === undefined) {
      return {
        check,
        subject: region,
        status: 'warn',
        found: 'Invocation logging is off.',
        advice:
          'Switch it on with `costkit alerts apply` ("logging"), so that there is something to analyse.',
      };
    }
    const { s3Config, cloudWatchConfig, textDataDeliveryEnabled } = loggingConfig;
    const where = [s3Config?.bucketName, cloudWatchConfig?.logGroupName].filter((one) => one !== undefined);
    const bodies = textDataDeliveryEnabled === true ? 'prompts and answers too' : 'counts only';
    return {
      check,
      subject: region,
      status: 'ok',
      found: `Calls are logged to ${where.join(' and ')}, ${bodies}.`,
    };
  } catch (error) {
    return notChecked(check, region, 'bedrock:GetModelInvocationLoggingConfiguration', error);
  }
}
