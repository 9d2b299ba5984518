import { BedrockClient } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { S3Client } from '@aws-sdk/client-s3';
import { batchClient } from '@costkit/batch';
import {
  type EvaluationOptions,
  exactGrader,
  forecastEvaluation,
  readEvaluationCases,
} from '@costkit/router/evaluation';

const options: EvaluationOptions = {
  client: batchClient(new BedrockRuntimeClient({ region: 'us-east-1' }), {
    bedrock: new BedrockClient({ region: 'us-east-1' }),
    s3: new S3Client({ region: 'us-east-1' }),
    bucket: 'my-evaluations',
    roleArn: 'arn:aws:iam::123456789012:role/bedrock-batch',
  }),
  cases: readEvaluationCases(new URL('mail-cases.jsonl', import.meta.url)),
  tiers: [
    { name: 'cheap', modelId: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' },
    { name: 'strong', modelId: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0' },
  ],
  grade: exactGrader(),
};

// Asks nobody. evaluateTiers(options) then waits for the jobs.
const { calls, expectedUsd, highestUsd } = await forecastEvaluation(options);
console.log(`${calls} calls: about $${expectedUsd}, at most $${highestUsd}`);
