import { jsonlSink } from '../src/jsonl-sink.js';
import { aReceipt } from './a-receipt.js';

// A process that writes receipts to a JSONL sink: `jsonl-writer.ts <path> <name> <count> <rotate?>`.
const [path = '', name = '', count = '0', rotate] = process.argv.slice(2);
const sink = jsonlSink(path, rotate === undefined ? {} : { rotate: { maxBytes: Number(rotate) } });
for (let index = 0; index < Number(count); index += 1) {
  // Tags of many lengths, so that a torn line would show.
  const tags = { feature: 'x'.repeat(1 + ((index * 7_919) % 3_000)) };
  void sink.write(aReceipt({ id: `${name}-${index}`, tags }));
  if (index % 50 === 0) await sink.flush?.();
}
await sink.close?.();
process.stdout.write('done\n');
