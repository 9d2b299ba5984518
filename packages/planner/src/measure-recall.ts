import { isArray, isOneOf, isPositiveInteger, isText, type OptionChecks } from '@costkit/core';
import { check, checkEach, invalid, requireFields } from './checks.js';
import { type ShapedVectors, shapeVectors } from './vector-shapes.js';
import type { MeasuredRecall, RecallChange, VectorType } from './vector-store-options.js';

/** A question with its vector. */
export interface RecallQuery {
  /** Its embedding, by the same model as the vectors. */
  readonly vector: ArrayLike<number>;
  /** Indexes, in `vectors`, of what answers it. @defaultValue its nearest neighbours by the full vectors */
  readonly relevant?: readonly number[];
}

/** A shape of vectors. */
export interface VectorShape {
  /** The first components that are kept: for models whose shorter vectors are beginnings of the longer ones. */
  readonly dimensions: number;
  /** How a component is stored. */
  readonly type: VectorType;
}

/** What {@link measureRecall} is asked. */
export interface RecallOptions {
  /** Embeddings of a sample of your documents, as the model gives them. */
  readonly vectors: readonly ArrayLike<number>[];
  /** Questions as your users ask them. */
  readonly queries: readonly RecallQuery[];
  /** How many are retrieved. @defaultValue 10 */
  readonly k?: number;
  /** @defaultValue all, half and a quarter of the dimensions, in each type */
  readonly shapes?: readonly VectorShape[];
  /** Where vectors and questions come from, for the advice that is based on it. */
  readonly source: string;
}

const TYPES = ['float32', 'float16', 'int8', 'binary'] as const;
const OPTIONS: OptionChecks<RecallOptions> = {
  vectors: isArray,
  queries: isArray,
  k: isPositiveInteger,
  shapes: isArray,
  source: isText,
};
const SHAPE: OptionChecks<VectorShape> = { dimensions: isPositiveInteger, type: isOneOf(...TYPES) };

/**
 * Measures what smaller vectors lose, by comparing every question with every vector: the share of what is relevant that
 * is among the `k` nearest, averaged over the questions. Where nobody has said what is relevant, it is the `k` nearest by
 * the full vectors. Takes vectors × questions × dimensions steps a shape; a few thousand of each are seconds.
 *
 * @returns a line for each shape, as `vectorStoreCost` takes them in `recall`, with intervals of 95 %: of the recall, and of
 * its change against the vectors as they are, which the same questions show more sharply
 * @throws InvalidOptionError for a malformed option, and for vectors of different lengths.
 *
 * @example
 * ```ts
 * const recall = measureRecall({ vectors, queries, source: '500 questions of 2026-11, Titan V2' });
 * const { sizes } = vectorStoreCost({ vectors: 2_000_000, dimensions: 1_024, queriesPerMonth: 1e6, recall });
 * ```
 */
export function measureRecall(options: RecallOptions): MeasuredRecall[] {
  check(options, OPTIONS);
  requireFields(options, ['vectors', 'queries', 'source']);
  const { vectors, queries, k = 10, source } = options;
  const full = fullDimensions(options);
  const shapes = options.shapes ?? defaultShapes(full);
  checkEach(shapes, SHAPE, 'shapes');
  for (const [index, { dimensions }] of shapes.entries()) {
    if (dimensions > full)
      throw invalid(`shapes[${index}].dimensions`, `is above ${full}, which the vectors have`);
  }
  const asked = queries.map(({ vector }) => vector);
  const whole = shapeVectors(vectors, asked, full, 'float32');
  const nearestTo = (query: number, { scorer }: ShapedVectors): number[] =>
    nearest(query, vectors.length, k, scorer);
  const found = queries.map((_, index) => nearestTo(index, whole));
  const relevant = queries.map((query, index) => new Set(query.relevant ?? found[index]));
  const shareOf = (some: readonly number[], index: number): number => {
    const wanted = relevant[index] as ReadonlySet<number>;
    return some.filter((vector) => wanted.has(vector)).length / wanted.size;
  };
  const before = found.map(shareOf);
  return shapes.map(({ dimensions, type }) => {
    const shaped = shapeVectors(vectors, asked, dimensions, type);
    const shares = queries.map((_, index) => shareOf(nearestTo(index, shaped), index));
    const recall = Math.min(1, meanOf(shares));
    return {
      dimensions,
      type,
      recall,
      ...intervalOf(recall, queries.length),
      questions: queries.length,
      change:
        dimensions === full && type === 'float32'
          ? { low: 0, expected: 0, high: 0 }
          : changeOf(shares.map((share, index) => share - (before[index] as number))),
      source: `${source}; recall at ${k}`,
    };
  });
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Two-sided 95 %. */
const Z = 1.96;

/**
 * Wilson's interval for a share. Each question finds a share of its own, which varies no more than a yes or no with the same
 * mean, so it is rather too wide than too narrow; it says nothing of how well the questions stand for those to come.
 */
function intervalOf(share: number, count: number): { readonly low: number; readonly high: number } {
  const square = Z ** 2 / count;
  const middle = share + square / 2;
  const half = Z * Math.sqrt((share * (1 - share)) / count + square / (4 * count));
  // Rounding must not put the share itself outside.
  return {
    low: Math.max(0, Math.min(share, (middle - half) / (1 + square))),
    high: Math.min(1, Math.max(share, (middle + half) / (1 + square))),
  };
}

/**
 * The mean difference of the same questions, which says more than two intervals side by side. Where hardly a question
 * differs, it is as wide as the questions leave open that were not asked: of `n` alike, up to z² / (n + z²) may differ.
 */
function changeOf(differences: readonly number[]): RecallChange {
  const count = differences.length;
  const expected = meanOf(differences);
  const squares = differences.reduce((sum, one) => sum + (one - expected) ** 2, 0);
  const error = count < 2 ? 1 : Z * Math.sqrt(squares / (count - 1) / count);
  const half = Math.max(error, Z ** 2 / (count + Z ** 2));
  return { low: Math.max(-1, expected - half), expected, high: Math.min(1, expected + half) };
}

function fullDimensions({ vectors, queries }: RecallOptions): number {
  const full = vectors[0]?.length ?? 0;
  if (full === 0) throw invalid('vectors', 'is empty');
  if (queries.length === 0) throw invalid('queries', 'is empty');
  for (const [index, vector] of vectors.entries()) {
    if (vector.length !== full)
      throw invalid(`vectors[${index}]`, `has ${vector.length} components, others ${full}`);
  }
  for (const [index, { vector, relevant }] of queries.entries()) {
    if (vector?.length !== full) throw invalid(`queries[${index}].vector`, `must have ${full} components`);
    const isIndex = (one: number): boolean => Number.isInteger(one) && one >= 0 && one < vectors.length;
    if (relevant?.every(isIndex) === false || relevant?.length === 0) {
      throw invalid(`queries[${index}].relevant`, 'must hold indexes of vectors');
    }
  }
  return full;
}

/** All, half and a quarter of the components. */
const defaultShapes = (full: number): VectorShape[] =>
  [1, 2, 4]
    .map((divisor) => Math.floor(full / divisor))
    .filter((dimensions) => dimensions > 0)
    .flatMap((dimensions) => TYPES.map((type) => ({ dimensions, type })));

/** The `k` best by score, ties by index. */
function nearest(
  query: number,
  count: number,
  k: number,
  score: (query: number, vector: number) => number,
): number[] {
  const best: { readonly vector: number; readonly score: number }[] = [];
  for (let vector = 0; vector < count; vector += 1) {
    const found = score(query, vector);
    if (best.length === k && found <= (best[k - 1] as { score: number }).score) continue;
    let at = Math.min(best.length, k - 1);
    while (at > 0 && (best[at - 1] as { score: number }).score < found) at -= 1;
    best.splice(at, 0, { vector, score: found });
    if (best.length > k) best.pop();
  }
  return best.map(({ vector }) => vector);
}
