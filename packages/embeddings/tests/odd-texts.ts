import { expect } from 'vitest';
import { createQueryEmbedder, syncEmbeddings, type VectorStore } from '../src/index.js';
import { fakeTitan, TITAN } from './fake-titan.js';

/** As texts out of PDF files have them: null characters, and half an emoji. */
const SOURCE = [
  { id: 'one\u0000.pdf', text: 'Page one\u0000 of a file.', metadata: { title: 'One\u0000', page: 1 } },
  { id: 'two.pdf', text: 'Half an emoji \ud83d, and a whole one 🙂.' },
];

/** A store keeps such texts whole, and the same sync again has nothing to do. */
export async function keepsOddTexts(sink: VectorStore): Promise<void> {
  const { client, asked } = fakeTitan();
  await syncEmbeddings({ client, ...TITAN, source: SOURCE, sink });
  const { unchanged, embedded } = await syncEmbeddings({ client, ...TITAN, source: SOURCE, sink });
  expect([unchanged, embedded.texts, asked.length]).toEqual([2, 0, 2]);
  const { embed, space } = createQueryEmbedder({ client, ...TITAN });
  const [first] = await sink.query(await embed('Page one\ufffd of a file.'), { space, limit: 1 });
  expect(first).toMatchObject({
    document: 'one\ufffd.pdf',
    text: 'Page one\ufffd of a file.',
    metadata: { title: 'One\ufffd', page: 1 },
  });
}
