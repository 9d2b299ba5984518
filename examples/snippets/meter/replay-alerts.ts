import assert from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts } from '@costkit/core';
import { withMeter } from '@costkit/meter';
import { type Alert, callbackChannel, createAlerts } from '@costkit/meter/alerts';

const client = withMeter(new BedrockRuntimeClient({ region: 'us-east-1' }));
const { receipts } = await collectReceipts(() =>
  client.send(
    new ConverseCommand({
      modelId: 'us.amazon.nova-lite-v1:0',
      messages: [{ role: 'user', content: [{ text: 'Say hello.' }] }],
    }),
  ),
);
const receipt = receipts[0];
assert(receipt !== undefined);

// Two quiet days, a call a minute, and then a loop. Time is the receipts' own.
const told: Alert[] = [];
const alerts = createAlerts({ minUsd: 0, channels: [callbackChannel((alert) => void told.push(alert))] });
const write = (atMs: number) => alerts.write({ ...receipt, startedAt: new Date(atMs) });
const start = Date.parse('2026-11-23T00:00:00Z');
const loop = start + 48 * 3_600_000;
for (let atMs = start; atMs < loop; atMs += 60_000) write(atMs);
for (let atMs = loop; atMs < loop + 120_000; atMs += 1_000) write(atMs);

assert.deepEqual(
  told.map((alert) => alert.kind === 'anomaly' && [alert.anomaly, alert.scope]),
  [['spike', 'all calls']],
);
