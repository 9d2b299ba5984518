import { readFileSync } from 'node:fs';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { evaluateTiers, exactGrader } from '@costkit/router/evaluation';

// Evaluates against the local Bedrock of its parent, which kills it in the middle.
const [endpoint = '', evaluation = '', resultsFile = ''] = process.argv.slice(2);
const client = new BedrockRuntimeClient({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
await evaluateTiers({
  client,
  ...JSON.parse(readFileSync(evaluation, 'utf8')),
  grade: exactGrader(),
  resultsFile,
  onProgress: ({ done }) => process.stdout.write(`${done}\n`),
});
