import type { VectorType } from './vector-store-options.js';

/** Scores two vectors of one shape: higher is nearer. */
type Scorer = (query: number, vector: number) => number;

/** Vectors in one shape, as a store would hold them. */
export interface ShapedVectors {
  readonly scorer: Scorer;
}

/**
 * Brings vectors into a shape: the first components, brought back to length 1, then stored as `type`. Scores are inner
 * products; of binary vectors, components of the same sign.
 */
export function shapeVectors(
  vectors: readonly ArrayLike<number>[],
  queries: readonly ArrayLike<number>[],
  dimensions: number,
  type: VectorType,
): ShapedVectors {
  if (type === 'binary') {
    const [stored, asked] = [vectors, queries].map((some) => some.map((one) => signsOf(one, dimensions))) as [
      Uint32Array[],
      Uint32Array[],
    ];
    return {
      scorer: (query, vector) => -hamming(asked[query] as Uint32Array, stored[vector] as Uint32Array),
    };
  }
  const cut = (some: readonly ArrayLike<number>[]): Float32Array[] =>
    some.map((one) => unitOf(one, dimensions));
  const stored =
    type === 'int8' ? rounded(cut(vectors)) : type === 'float16' ? cut(vectors).map(halved) : cut(vectors);
  const asked = cut(queries);
  return {
    scorer: (query, vector) => dot(asked[query] as Float32Array, stored[vector] as ArrayLike<number>),
  };
}

function unitOf(vector: ArrayLike<number>, dimensions: number): Float32Array {
  const cut = new Float32Array(dimensions);
  let square = 0;
  for (let at = 0; at < dimensions; at += 1) {
    const value = vector[at] as number;
    cut[at] = value;
    square += value * value;
  }
  const length = Math.sqrt(square) || 1;
  for (let at = 0; at < dimensions; at += 1) cut[at] = (cut[at] as number) / length;
  return cut;
}

/** 255 steps over the largest component of all: one scale for the whole index, as stores have it. */
function rounded(vectors: readonly Float32Array[]): Int8Array[] {
  let largest = 0;
  for (const vector of vectors) for (const value of vector) largest = Math.max(largest, Math.abs(value));
  const scale = largest === 0 ? 0 : 127 / largest;
  return vectors.map((vector) => Int8Array.from(vector, (value) => Math.round(value * scale)));
}

/** Ten bits behind the leading one, which is what a 16-bit float keeps of components between 2⁻¹⁴ and 1. */
function halved(vector: Float32Array): Float32Array {
  return vector.map((value) => {
    if (value === 0) return 0;
    const step = 2 ** (Math.max(-14, Math.floor(Math.log2(Math.abs(value)))) - 10);
    return Math.round(value / step) * step;
  });
}

function signsOf(vector: ArrayLike<number>, dimensions: number): Uint32Array {
  const bits = new Uint32Array(Math.ceil(dimensions / 32));
  for (let at = 0; at < dimensions; at += 1) {
    const word = at >>> 5;
    if ((vector[at] as number) > 0) bits[word] = (bits[word] as number) | (1 << (at & 31));
  }
  return bits;
}

function hamming(one: Uint32Array, other: Uint32Array): number {
  let count = 0;
  for (let word = 0; word < one.length; word += 1) {
    let bits = (one[word] as number) ^ (other[word] as number);
    for (; bits !== 0; bits &= bits - 1) count += 1;
  }
  return count;
}

function dot(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] as number) * (other[at] as number);
  return sum;
}
