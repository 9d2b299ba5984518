import { join } from 'node:path';

/**
 * Variables that lead the AWS SDKs of a process to what stands in for AWS, a local Bedrock or a fake account, and to
 * nothing else.
 *
 * @param folder - has no file `none`
 */
export function localEnvironment(
  { endpoint }: { readonly endpoint: string },
  folder: string,
): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'A',
    AWS_SECRET_ACCESS_KEY: 'B',
    AWS_CONFIG_FILE: join(folder, 'none'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
  };
}
