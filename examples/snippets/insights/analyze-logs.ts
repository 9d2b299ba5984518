import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { analyzeLogs } from '@costkit/insights';
import { createManualClock, startLocalBedrock } from '@costkit/local';

// Here an hour of a local Bedrock; with an account: the prefix that model-invocation logging writes to.
const folder = await mkdtemp(join(tmpdir(), 'invocation-logs-'));
const clock = createManualClock(Date.UTC(2026, 9, 20, 10));
const local = await startLocalBedrock({ clock, logging: { folder } });
const client = new BedrockRuntimeClient(local.clientConfig);
for (let minute = 0; minute < 60; minute += 1) {
  await client.send(
    new ConverseCommand({
      modelId: 'us.anthropic.claude-sonnet-5-5',
      system: [{ text: 'You answer questions about parcels, kindly and briefly. '.repeat(200) }],
      messages: [{ role: 'user', content: [{ text: `Where is parcel ${minute}?` }] }],
      inferenceConfig: { maxTokens: 200 },
      requestMetadata: { feature: 'support' },
    }),
  );
  await clock.advance(60_000);
}
await local.flushLogs();

const { total, perMonth, perMonthAfter, recommendations } = await analyzeLogs({ source: folder });
console.log(`${total} in the logs, ${perMonth} a month, ${perMonthAfter} after:`);
for (const { rank, title, task, perMonth: saving, patch } of recommendations) {
  console.log(`${rank}. ${title} (${task}): ${saving.low} to ${saving.high} a month\n${patch}`);
}
await local.stop();
