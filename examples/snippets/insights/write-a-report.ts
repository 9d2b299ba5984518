import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { analyzeLogs, renderReport } from '@costkit/insights';
import { jsonlSink } from '@costkit/meter';
import { costkit } from 'costkit';

// Accounts without invocation logging have costkit's own ledger.
const folder = await mkdtemp(join(tmpdir(), 'ledger-'));
const sink = jsonlSink(join(folder, 'receipts.jsonl'));
const client = costkit(new BedrockRuntimeClient({ region: 'us-east-1' }), {
  meter: { sinks: [sink] },
  tags: { feature: 'search', team: 'shop' },
});
await client.send(
  new ConverseCommand({
    modelId: 'us.amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Why is the sky blue?' }] }],
  }),
);
await sink.close?.();

await writeFile(join(folder, 'report.html'), renderReport(await analyzeLogs({ source: folder })));
