import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { createMeter, jsonlSink, withMeter } from '@costkit/meter';
import { focusCsv, focusExport, readReceipts, reportCsv, reportOf } from '@costkit/meter/export';

const folder = await mkdtemp(join(tmpdir(), 'receipts-'));
const ledger = join(folder, 'receipts.jsonl');
const meter = createMeter({ sinks: [jsonlSink(ledger)] });
const client = withMeter(new BedrockRuntimeClient({ region: 'us-east-1' }), { meter });
await client.send(
  new ConverseCommand({
    modelId: 'us.amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Say hello.' }] }],
  }),
);
await meter.close();

const read = () => readReceipts(ledger, ({ line, reason }) => console.warn(`line ${line} ${reason}`));
await writeFile(
  join(folder, 'months.csv'),
  reportCsv(await reportOf(read(), { by: ['month', 'servedModel'] })),
);

const { rows, unpricedRows } = await focusExport(read(), { billingAccountId: '123456789012' });
await writeFile(join(folder, 'focus.csv'), focusCsv(rows));
console.log(`${rows.length} rows, ${unpricedRows} without a price`);
await rm(folder, { recursive: true });
