import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureRecall, type RecallOptions } from './measure-recall.js';
import { vectorStoreCost } from './vector-store-cost.js';

const DIMENSIONS = 32;
/** Numbers that look like chance, the same in every run. */
function* noise(seed: number): Generator<number> {
  for (let state = seed * 2 + 1; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 31 - 1;
  }
}
function vectorsOf(count: number, seed = 1, dimensions = DIMENSIONS): number[][] {
  const numbers = noise(seed);
  // Early components weigh more, as in models that are trained for it.
  return Array.from({ length: count }, () =>
    Array.from({ length: dimensions }, (_, at) => (numbers.next().value as number) / (1 + at / 4)),
  );
}
const measure = (changes: Partial<RecallOptions> = {}) =>
  measureRecall({
    vectors: vectorsOf(200),
    queries: vectorsOf(40, 2).map((vector) => ({ vector })),
    source: 'a test',
    ...changes,
  });
const recallOf = (
  lines: ReturnType<typeof measureRecall>,
  dimensions: number,
  type: string,
): number | undefined => lines.find((line) => line.dimensions === dimensions && line.type === type)?.recall;

describe('measureRecall', () => {
  it('loses nothing in the full shape, little in small types, more with fewer dimensions', () => {
    const lines = measure();
    expect(lines).toHaveLength(12);
    expect(recallOf(lines, 32, 'float32')).toBe(1);
    expect(recallOf(lines, 32, 'float16')).toBeGreaterThan(0.98);
    expect(recallOf(lines, 32, 'int8')).toBeGreaterThan(0.9);
    const binary = recallOf(lines, 32, 'binary') ?? 0;
    expect(binary).toBeGreaterThan(0.2);
    expect(binary).toBeLessThan(0.8);
    const halves = recallOf(lines, 16, 'float32') ?? 0;
    expect(halves).toBeGreaterThan(recallOf(lines, 8, 'float32') ?? 0);
    expect(halves).toBeLessThan(1);
    expect(lines[0]?.source).toBe('a test; recall at 10');
  });

  it('counts what somebody has said to be relevant', () => {
    const vectors = [
      [1, 0],
      [0, 1],
      [-1, 0],
    ];
    const shapes = [{ dimensions: 2, type: 'float32' }] as const;
    const recall = (relevant: readonly number[], k: number): number | undefined =>
      measureRecall({ vectors, queries: [{ vector: [0.9, 0.1], relevant }], shapes, k, source: 'x' })[0]
        ?.recall;
    expect(recall([0], 1)).toBe(1);
    expect(recall([1, 2], 2)).toBe(0.5);
    expect(recall([2], 2)).toBe(0);
  });

  it('says how sure it is, and is surer the more it asks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(1e6), (count, seed) => {
        const queries = vectorsOf(count, seed).map((vector) => ({ vector }));
        for (const { recall, low = -1, high = 2, questions, change } of measure({
          vectors: vectorsOf(50),
          queries,
        })) {
          expect(questions).toBe(count);
          expect(0 <= low && low <= recall && recall <= high && high <= 1).toBe(true);
          expect(high - low).toBeGreaterThan(0);
          // Nothing is found that the vectors as they are do not find, where those say what is relevant.
          expect(change?.expected).toBeCloseTo(recall - 1, 12);
          expect(change?.low).toBeLessThanOrEqual(change?.high ?? -1);
        }
      }),
      { numRuns: 20 },
    );
    const widthOf = (count: number): number => {
      const [line] = measure({
        queries: vectorsOf(count, 2).map((vector) => ({ vector })),
        shapes: [{ dimensions: 8, type: 'float32' }],
      });
      return (line?.high ?? 0) - (line?.low ?? 0);
    };
    expect(widthOf(200)).toBeLessThan(widthOf(20) / 2);
  });

  it('covers the truth about as often as it says', () => {
    const vectors = vectorsOf(100);
    const shapes = [{ dimensions: 8, type: 'float32' }] as const;
    const asked = vectorsOf(2_000, 3).map((vector) => ({ vector }));
    const truth = measure({ vectors, queries: asked, shapes })[0]?.recall ?? 0;
    const samples = Array.from({ length: 50 }, (_, at) => asked.slice(at * 40, at * 40 + 40));
    const covered = samples.filter((queries) => {
      const [line] = measure({ vectors, queries, shapes });
      return (line?.low ?? 1) <= truth && truth <= (line?.high ?? 0);
    });
    expect(covered.length / samples.length).toBeGreaterThanOrEqual(0.95);
  });

  it('tells a loss from chance that two intervals side by side do not show', () => {
    const noise = vectorsOf(200, 7);
    const queries = vectorsOf(200).map((vector, index) => ({
      vector: vector.map((value, at) => value + 0.5 * (noise[index]?.[at] ?? 0)),
      relevant: [index],
    }));
    const [whole, half] = measure({
      queries,
      k: 1,
      shapes: [
        { dimensions: 32, type: 'float32' },
        { dimensions: 18, type: 'float32' },
      ],
    });
    expect(whole?.change).toEqual({ low: 0, expected: 0, high: 0 });
    expect(half?.change?.high).toBeLessThan(0);
    expect(half?.high).toBeGreaterThan(whole?.low ?? 1);
  });

  it('agrees with a plain sort of all scores', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(1e6),
        (count, k, seed) => {
          const vectors = vectorsOf(count, seed);
          const [query = []] = vectorsOf(1, seed + 1);
          const unit = (vector: number[]): number[] => vector.map((value) => value / Math.hypot(...vector));
          const scores = vectors.map((vector) =>
            unit(vector).reduce((sum, value, at) => sum + value * unit(query)[at]!, 0),
          );
          const sorted = scores
            .map((_, at) => at)
            .sort((one, other) => scores[other]! - scores[one]! || one - other);
          const shapes = [{ dimensions: DIMENSIONS, type: 'float32' }] as const;
          const relevant = sorted.slice(0, Math.min(k, count));
          expect(
            measureRecall({ vectors, queries: [{ vector: query, relevant }], shapes, k, source: 'x' })[0]
              ?.recall,
          ).toBe(1);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('is what the advice on sizes takes', () => {
    const dimensions = 256;
    const queries = vectorsOf(5, 2, dimensions).map((vector) => ({ vector }));
    const recall = measure({ vectors: vectorsOf(40, 1, dimensions), queries });
    const { sizes } = vectorStoreCost({ vectors: 1e6, dimensions, queriesPerMonth: 1e5, recall });
    expect(sizes.length).toBeGreaterThan(0);
    for (const size of sizes) expect(size.recall).toMatchObject({ source: 'a test; recall at 10' });
  });

  it.each([
    [{ vectors: [] }, /vectors/],
    [{ queries: [] }, /queries/],
    [{ vectors: [[1, 2], [1]] }, /vectors\[1\]/],
    [{ queries: [{ vector: [1] }] }, /queries\[0\]\.vector/],
    [{ queries: [{ vector: vectorsOf(1)[0]!, relevant: [200] }] }, /relevant/],
    [{ shapes: [{ dimensions: 64, type: 'int8' as const }] }, /dimensions/],
    [{ k: 0 }, /k/],
  ])('refuses %j', (changes, message) => {
    expect(() => measure(changes)).toThrow(message);
  });
});
