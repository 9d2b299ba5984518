import { setInterval } from 'node:timers';
import { libsqlStore, type SourceDocument, syncEmbeddings } from '../src/index.js';
import { fakeTitan, TITAN } from './fake-titan.js';

// Syncs a corpus of so many megabytes and prints the most memory that the process had at any time, in megabytes.
const [megabytes = '0', file = ''] = process.argv.slice(2);
const BYTES = 2 ** 20;
const SENTENCES = 8_000;

function* corpus(): Generator<SourceDocument> {
  for (let document = 0, bytes = 0; bytes < Number(megabytes) * BYTES; document += 1) {
    const sentences = Array.from(
      { length: SENTENCES },
      (_, index) =>
        `Rule ${document * SENTENCES + index} says what nobody has said before it, and what has to be done about it.`,
    );
    const text = sentences.join(' ');
    bytes += text.length;
    yield { id: `${document}.md`, text };
  }
}

let peak = 0;
const look = (): void => {
  peak = Math.max(peak, process.memoryUsage.rss());
};
setInterval(look, 5).unref();
const { client, asked } = fakeTitan();
const { chunks, embedded } = await syncEmbeddings({
  ...TITAN,
  client,
  source: corpus,
  sink: libsqlStore({ file }),
  chunk: { maxTokens: 6_000 },
  onProgress: () => {
    // What was asked is of no use here, and must not be held.
    asked.length = 0;
    look();
  },
});
process.stdout.write(JSON.stringify({ chunks, texts: embedded.texts, peakMegabytes: peak / BYTES }));
