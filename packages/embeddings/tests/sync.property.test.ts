import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type EmbeddingIndex,
  memoryStore,
  type SinkEntry,
  type SourceDocument,
  type SyncOptions,
  syncEmbeddings,
  type VectorSink,
  type VectorStore,
} from '../src/index.js';
import { fakeTitan, TITAN } from './fake-titan.js';

const CONCURRENCY = 3;
const CHUNK = { maxTokens: 12 };

const sentence = fc
  .integer({ min: 0, max: 40 })
  .map((number) => `Rule ${number} is about thing ${number * 7}.\n\n`);
const text = fc.array(sentence, { maxLength: 8 }).map((sentences) => sentences.join(''));
const corpus = fc
  .dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), text, { maxKeys: 5 })
  .map((texts) => Object.entries(texts).map(([id, own]): SourceDocument => ({ id, text: own })));
const corpora = fc.array(corpus, { minLength: 1, maxLength: 4 });

const optionsOf = (more: Pick<SyncOptions, 'client' | 'source' | 'sink'>): SyncOptions => ({
  ...TITAN,
  chunk: CHUNK,
  concurrency: CONCURRENCY,
  allowEmpty: true,
  maxRetries: 0,
  ...more,
});

async function entriesOf(sink: VectorSink): Promise<SinkEntry[]> {
  const entries: SinkEntry[] = [];
  for await (const entry of sink.list()) entries.push(entry);
  return entries.sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** What a store holds that nothing was in before; vectors that are paid serve it too. */
async function freshly(source: readonly SourceDocument[], index: EmbeddingIndex): Promise<SinkEntry[]> {
  const sink = memoryStore();
  await syncEmbeddings({ ...optionsOf({ client: fakeTitan().client, source, sink }), index });
  return entriesOf(sink);
}

class Killed extends Error {}

/** A store that dies before or behind one of its operations, and all of them afterwards. */
function dying(store: VectorStore, operations: number): VectorStore {
  let left = operations;
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    left -= 1;
    if (left < 0) throw new Killed();
    const result = await work();
    left -= 1;
    if (left < 0) throw new Killed();
    return result;
  };
  const { index } = store;
  return {
    ...store,
    upsert: (records) => step(() => store.upsert(records)),
    delete: (ids) => step(() => store.delete(ids)),
    index: {
      ...index,
      get: (space, hashes) => step(() => index.get(space, hashes)),
      put: (space, vectors) => step(() => index.put(space, vectors)),
      dropUnused: (lease) => step(() => index.dropUnused?.(lease) ?? Promise.resolve()),
    },
  };
}

describe('syncEmbeddings', () => {
  it('makes the store what it would be anew, whatever it held, and the same sync again costs nothing', () =>
    fc.assert(
      fc.asyncProperty(corpora, async (versions) => {
        const sink = memoryStore();
        const { client, asked } = fakeTitan();
        for (const source of versions) {
          const report = await syncEmbeddings(optionsOf({ client, source, sink }));
          expect(await entriesOf(sink)).toEqual(await freshly(source, sink.index));
          expect(report.unchanged + report.reused + report.duplicates + report.embedded.texts).toBe(
            report.chunks,
          );
          const paid = asked.length;
          const again = await syncEmbeddings(optionsOf({ client, source: source.toReversed(), sink }));
          expect(again).toMatchObject({
            unchanged: report.chunks,
            deleted: 0,
            embedded: { calls: 0, tokens: 0 },
          });
          expect(asked.length).toBe(paid);
        }
      }),
      { numRuns: 10 },
    ));

  it('pays a text once, wherever and however often it stands', () =>
    fc.assert(
      fc.asyncProperty(corpus, async (source) => {
        const { client, asked } = fakeTitan();
        const renamed = source.map((document) => ({ ...document, id: `moved/${document.id}` }));
        const sink = memoryStore();
        await syncEmbeddings(optionsOf({ client, source: [...source, ...renamed], sink }));
        expect(new Set(asked).size).toBe(asked.length);
        const paid = asked.length;
        await syncEmbeddings(optionsOf({ client, source: renamed, sink }));
        expect(asked.length).toBe(paid);
      }),
      { numRuns: 15 },
    ));

  it('killed anywhere and run again, ends as if it had not been, and pays nothing again but calls in flight', () =>
    fc.assert(
      fc.asyncProperty(
        corpus,
        corpus,
        fc.array(fc.nat(40), { maxLength: 4 }),
        async (before, source, deaths) => {
          const sink = memoryStore();
          await syncEmbeddings(optionsOf({ client: fakeTitan().client, source: before, sink }));
          const { client, asked } = fakeTitan();
          const uninterrupted = fakeTitan();
          const copy = memoryStore();
          await syncEmbeddings(optionsOf({ client: fakeTitan().client, source: before, sink: copy }));
          await syncEmbeddings(optionsOf({ client: uninterrupted.client, source, sink: copy }));
          let killed = 0;
          for (const operations of deaths) {
            await syncEmbeddings(optionsOf({ client, source, sink: dying(sink, operations) })).catch(
              (error: unknown) => {
                expect(error).toBeInstanceOf(Killed);
                killed += 1;
              },
            );
          }
          await syncEmbeddings(optionsOf({ client, source, sink }));
          expect(await entriesOf(sink)).toEqual(await entriesOf(copy));
          expect(asked.length).toBeLessThanOrEqual(uninterrupted.asked.length + killed * CONCURRENCY);
        },
      ),
      { numRuns: 25 },
    ));
});
