import assert from 'node:assert/strict';
import {
  BedrockClient,
  CreateModelInvocationJobCommand,
  GetModelInvocationJobCommand,
} from '@aws-sdk/client-bedrock';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createManualClock, REALISTIC_BATCH_TIMINGS, startLocalBedrock } from '@costkit/local';

const clock = createManualClock(Date.parse('2026-11-22T12:00:00Z'));
const bedrock = await startLocalBedrock({
  clock,
  buckets: ['nightly'],
  batch: { timings: REALISTIC_BATCH_TIMINGS },
});
const control = new BedrockClient(bedrock.clientConfig);
const s3 = new S3Client(bedrock.s3ClientConfig);

const records = Array.from({ length: 100 }, (_, index) => ({
  recordId: `record-${index}`,
  modelInput: { messages: [{ role: 'user', content: [{ text: `Summarise document ${index}.` }] }] },
}));
const Body = records.map((record) => JSON.stringify(record)).join('\n');
await s3.send(new PutObjectCommand({ Bucket: 'nightly', Key: 'in/records.jsonl', Body }));

const { jobArn } = await control.send(
  new CreateModelInvocationJobCommand({
    jobName: 'nightly',
    roleArn: 'arn:aws:iam::123456789012:role/batch',
    modelId: 'amazon.nova-lite-v1:0',
    modelInvocationType: 'Converse',
    inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://nightly/in/' } },
    outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://nightly/out/' } },
  }),
);

let status: string | undefined;
while (status !== 'Completed') {
  await clock.advance(60_000);
  ({ status } = await control.send(new GetModelInvocationJobCommand({ jobIdentifier: jobArn })));
}

const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'nightly', Prefix: 'out/' }));
const results = Contents.find(({ Key }) => Key?.endsWith('records.jsonl.out'));
const object = await s3.send(new GetObjectCommand({ Bucket: 'nightly', Key: results?.Key }));
const lines = (await object.Body?.transformToString())?.trim().split('\n') ?? [];
assert.equal(lines.length, 100);
console.log(`${lines.length} results for ${bedrock.bill().total}`);

control.destroy();
s3.destroy();
await bedrock.stop();
