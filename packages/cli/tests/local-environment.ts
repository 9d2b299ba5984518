import { join } from 'node:path';
import type { LocalBedrock } from '@costkit/local';

/**
 * Variables that lead the AWS SDKs of a process to a local Bedrock, and to no account.
 *
 * @param folder - has no file `none`
 */
export function localEnvironment(bedrock: LocalBedrock, folder: string): Record<string, string> {
  const { accessKeyId, secretAccessKey } = bedrock.clientConfig.credentials;
  return {
    AWS_ENDPOINT_URL: bedrock.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_CONFIG_FILE: join(folder, 'none'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
  };
}
