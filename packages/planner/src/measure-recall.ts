import { isArray, isOneOf, isPositiveInteger, isText, type OptionChecks } from '@costkit/core';
import { check, checkEach, invalid, requireFields } from './checks.js';
import { shapeVectors } from './vector-shapes.js';
import type { MeasuredRecall, VectorType } from './vector-store-options.js';

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
 * @returns a line for each shape, as `vectorStoreCost` takes them in `recall`
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
  const { scorer } = shapeVectors(vectors, asked, full, 'float32');
  const relevant = queries.map(
    (query, index) => new Set(query.relevant ?? nearest(index, vectors.length, k, scorer)),
  );
  return shapes.map(({ dimensions, type }) => {
    const shaped = shapeVectors(vectors, asked, dimensions, type);
    let sum = 0;
    for (const [index, wanted] of relevant.entries()) {
      const found = nearest(index, vectors.length, k, shaped.scorer);
      sum += found.filter((vector) => wanted.has(vector)).length / wanted.size;
    }
    return { dimensions, type, recall: sum / queries.length, source: `${source}; recall at ${k}` };
  });
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
