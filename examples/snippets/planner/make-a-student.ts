import { BedrockClient } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { S3Client } from '@aws-sdk/client-s3';
import { deriveClient } from '@costkit/core';
import { startLocalBedrock } from '@costkit/local';
import {
  holdOutCases,
  recordExamples,
  runDistillation,
  selectTrainingData,
  type TrainingExample,
} from '@costkit/planner/distillation';

const teacher = 'amazon.nova-pro-v1:0';
const local = await startLocalBedrock({ buckets: ['my-bucket'] });

// What your application asks and the teacher answers; `examplesFromLogs` and `examplesFromBatch` read what is there.
const examples: TrainingExample[] = [];
const client = deriveClient(
  new BedrockRuntimeClient(local.clientConfig),
  recordExamples({ teacher, onExample: (example) => void examples.push(example) }),
);
for (let order = 0; order < 120; order += 1) {
  const messages = [{ role: 'user' as const, content: [{ text: `Where is order ${order}?` }] }];
  await client.send(new ConverseCommand({ modelId: teacher, messages, requestMetadata: { task: 'orders' } }));
}

const { train, holdOut } = await selectTrainingData(examples, {
  teacher,
  student: 'amazon.nova-micro-v1:0',
  answered: true,
  redact: (text) => text.replaceAll(/[\w.]+@[\w.]+/g, '<address>'),
});

const student = await runDistillation({
  bedrock: new BedrockClient(local.clientConfig),
  s3: new S3Client(local.s3ClientConfig),
  bucket: 'my-bucket',
  roleArn: 'arn:aws:iam::123456789012:role/bedrock-distillation',
  teacher,
  student: 'amazon.nova-micro-v1:0:128k',
  examples: train,
  customModelName: 'orders-micro',
  maxAnswerTokens: 300,
  usdPerMillionTokens: '1.50',
  maxUsd: 20,
  pollMs: 100,
});
console.log(`${student.deploymentArn} is called by token; at most ${student.forecast.total} was paid`);
console.log(`${holdOutCases(holdOut).length} cases judge it against the teacher`);
await local.stop();
