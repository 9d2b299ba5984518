import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { analyzeLogs } from '@costkit/insights';
import { createManualClock, startLocalBedrock } from '@costkit/local';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const folder = await mkdtemp(join(tmpdir(), 'invocation-logs-'));
const clock = createManualClock(Date.UTC(2026, 9, 20));
const local = await startLocalBedrock({ clock, logging: { folder } });
const client = new BedrockRuntimeClient(local.clientConfig);

async function ask(feature: string, modelId: string, question: string, system?: string): Promise<void> {
  await client.send(
    new ConverseCommand({
      modelId,
      ...(system === undefined ? {} : { system: [{ text: system }] }),
      messages: [{ role: 'user', content: [{ text: question }] }],
      inferenceConfig: { maxTokens: 300 },
      requestMetadata: { feature },
    }),
  );
}

const MANUAL = 'Be kind. Answer from the manual: parcels leave at noon and arrive the next day. '.repeat(80);
for (let day = 0; day < 2; day += 1) {
  // The support chat, over the day.
  for (let minute = 0; minute < 40; minute += 1) {
    await ask('support', 'us.anthropic.claude-sonnet-5-5', `Where is parcel ${day}-${minute}?`, MANUAL);
    await clock.advance(2 * MINUTE_MS);
  }
  await clock.advance(20 * HOUR_MS);
}
// An agent that asks the same again and again.
for (let turn = 0; turn < 40; turn += 1) {
  await ask('agent', 'us.anthropic.claude-opus-5-5', 'Is the build green? '.repeat(200));
  await clock.advance(5_000);
}
await local.flushLogs();

const { total, perMonth, perMonthAfter, recommendations } = await analyzeLogs({ source: folder });
console.log(`The service billed ${local.bill().total}; the logs say ${total}.`);
console.log(`${perMonth} a month could be ${perMonthAfter}:`);
for (const { rank, title, task, perMonth: saving, confidence, risk } of recommendations) {
  console.log(`${rank}. ${title} (${task}): ${saving.expected} a month, confidence ${confidence}. ${risk}`);
}
await local.stop();
await rm(folder, { recursive: true });
