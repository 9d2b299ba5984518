import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { evaluateTiers, exactGrader } from '../src/evaluation.js';
import { casesOf, EVALUATED } from './evaluation-fixture.js';

// Evaluates against the local Bedrock of its parent, which kills it in the middle.
const [endpoint = '', resultsFile = ''] = process.argv.slice(2);
const client = new BedrockRuntimeClient({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
await evaluateTiers({
  client,
  cases: casesOf('sort', 100),
  tiers: EVALUATED,
  grade: exactGrader(),
  resultsFile,
  onProgress: ({ done }) => process.stdout.write(`${done}\n`),
});
