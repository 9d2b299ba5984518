import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { createMeter, jsonlSink, type ReceiptJson, withMeter } from '@costkit/meter';

const folder = await mkdtemp(join(tmpdir(), 'receipts-'));
const path = join(folder, 'receipts.jsonl');

const meter = createMeter({
  sinks: [jsonlSink(path, { onWarning: (message) => console.warn(message) })],
  onError: ({ sink, error }) => console.warn(sink, error),
});
const client = withMeter(new BedrockRuntimeClient({ region: 'us-east-1' }), { meter });
await client.send(
  new ConverseCommand({
    modelId: 'us.amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Say hello.' }] }],
  }),
);
await meter.close();

const receipt = JSON.parse(await readFile(path, 'utf8')) as ReceiptJson;
console.log(receipt.servedModel, receipt.usage.output, receipt.costUsd);
await rm(folder, { recursive: true });
