import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noSpending, type TextEmbedder } from '../src/embed-texts.js';
import { type EmbeddingModel, embeddingModel } from '../src/embedding-model.js';
import { memoryStore } from '../src/index.js';
import { placeChunks } from '../src/place-chunks.js';
import type { Placement } from '../src/read-workload.js';
import { TITAN } from './fake-titan.js';

interface Course {
  /** Texts by number, in the order of their chunks; -1 ends a piece. */
  readonly texts: readonly number[];
  readonly mostTexts: number;
  readonly concurrency: number;
  /** How long each request takes, in turns of the event loop. */
  readonly turns: readonly number[];
  /** Texts below this number were paid before. */
  readonly known: number;
}

const vectorOf = (hash: string): Float32Array => Float32Array.of(Number(hash));

async function run({ texts, mostTexts, concurrency, turns, known }: Course) {
  const model = embeddingModel(TITAN);
  const modelOfGroups: EmbeddingModel = { ...model, dialect: { ...model.dialect, mostTexts } };
  const sink = memoryStore();
  const asked: string[] = [];
  await sink.index.put(
    model.space,
    new Map(Array.from({ length: known }, (_, number) => [`${number}`, vectorOf(`${number}`)])),
  );
  const embedder: TextEmbedder = {
    spending: noSpending(),
    embed: async (group) => {
      expect(group.length).toBeLessThanOrEqual(mostTexts);
      for (const { hash } of group) asked.push(hash);
      for (let turn = turns[asked.length % turns.length] ?? 0; turn > 0; turn -= 1) await setImmediate();
      return new Map(group.map(({ hash }) => [hash, vectorOf(hash)]));
    },
  };
  async function* chunks(): AsyncGenerator<readonly Placement[]> {
    let piece: Placement[] = [];
    for (const [position, text] of [...texts, -1].entries()) {
      if (text === -1) {
        if (piece.length > 0) yield piece;
        piece = [];
        continue;
      }
      const hash = `${text}`;
      const place = { document: 'a.md', position, start: position, revision: 'first', text: hash };
      piece.push({ id: `${position}`, space: model.space, hash, ...place });
    }
  }
  let [placed, embedded] = [0, 0];
  await placeChunks(chunks(), {
    sink,
    index: sink.index,
    model: modelOfGroups,
    embedder,
    concurrency,
    signal: undefined,
    placed: (records) => {
      placed += records;
    },
    embedded: (count) => {
      embedded += count;
    },
  });
  const found = await sink.query(Float32Array.of(1), { space: model.space, limit: texts.length + 1 });
  return { asked, placed, embedded, ids: found.map(({ id, hash }) => [id, hash]) };
}

describe('placeChunks', () => {
  it('places every chunk, and embeds each text once, however calls overtake one another', () =>
    fc.assert(
      fc.asyncProperty(
        fc.record({
          texts: fc.array(fc.integer({ min: -1, max: 12 }), { maxLength: 60 }),
          mostTexts: fc.integer({ min: 1, max: 4 }),
          concurrency: fc.integer({ min: 1, max: 5 }),
          turns: fc.array(fc.nat(4), { minLength: 1, maxLength: 7 }),
          known: fc.nat(5),
        }),
        async (course) => {
          const { asked, embedded, ids } = await run(course);
          const chunks = course.texts.flatMap((text, position) =>
            text === -1 ? [] : [[`${position}`, `${text}`]],
          );
          const pending = new Set(course.texts.filter((text) => text >= course.known));
          expect(asked.toSorted()).toEqual([...pending].map(String).sort());
          expect(embedded).toBe(pending.size);
          expect(ids.toSorted()).toEqual(chunks.sort());
        },
      ),
    ));

  it('embeds a text once that stands in more places than are held', async () => {
    const texts = Array.from({ length: 3_000 }, (_, index) => (index % 100 === 99 ? -1 : 7));
    const course = { texts, mostTexts: 4, concurrency: 3, turns: [50], known: 0 };
    const { asked, ids, placed } = await run(course);
    expect(asked).toEqual(['7']);
    expect(ids).toHaveLength(texts.filter((text) => text === 7).length);
    // What came after the first thousand has waited, and found the vector there.
    expect(placed).toBeGreaterThan(1_000);
  });
});
