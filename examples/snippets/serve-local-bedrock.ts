import { startLocalBedrock } from '@costkit/local';

// Serves a local Bedrock for the snippets until it is killed; its first line is the environment that leads there.
const { endpoint, clientConfig } = await startLocalBedrock();
const { accessKeyId, secretAccessKey } = clientConfig.credentials;
const environment = {
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: clientConfig.region,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
};
process.stdout.write(`${JSON.stringify(environment)}\n`);
