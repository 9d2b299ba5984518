import { PROMPT_FEATURES } from './prompt-structure.js';
import { BUCKETS } from './prompt-words.js';
import type { Reading } from './read-sample.js';

/** Rarity is kept in bytes; one is this many steps. */
const RARITY_STEPS = 24;
/** Words in fewer records than this say nothing about other prompts. */
const MIN_RECORDS = 2;
/** What one deviation of a structure feature weighs beside all words of a text, which together weigh one. */
const STRUCTURE_WEIGHT = 0.1;
/** The same for what an answer looks like, which says more than its words. */
const ANSWER_WEIGHT = 0.3;
const MAX_DEVIATIONS = 3;

/** How readings become numbers that a linear model weighs. */
export interface Encoding {
  /** By bucket: how rare its words are (inverse document frequency, in steps); 0 for words that are not used. */
  readonly rarity: Uint8Array;
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

/** The entries of one row that are not 0. Words come first; structure follows from `BUCKETS` on. */
export interface SparseRow {
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

/** Learns from readings how rare words are and how far structure varies. */
export function learnEncoding(readings: readonly Reading[]): Encoding {
  const records = new Float64Array(BUCKETS);
  for (const { counts } of readings) {
    for (const { buckets } of counts) for (const bucket of buckets) records[bucket]! += 1;
  }
  const rarity = new Uint8Array(BUCKETS);
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    if (records[bucket]! < MIN_RECORDS) continue;
    const idf = Math.log((readings.length + 1) / (records[bucket]! + 1)) + 1;
    rarity[bucket] = Math.max(1, Math.min(255, Math.round(idf * RARITY_STEPS)));
  }
  const size = readings[0]?.structure.length ?? 0;
  const means = Array.from({ length: size }, (_, feature) =>
    readings.reduce((sum, { structure }) => sum + structure[feature]! / readings.length, 0),
  );
  const deviations = means.map((mean, feature) => {
    const variance = readings.reduce(
      (sum, { structure }) => sum + (structure[feature]! - mean) ** 2 / readings.length,
      0,
    );
    return Math.sqrt(variance) || 1;
  });
  return { rarity, means, deviations };
}

/** The row of one reading: words by frequency and rarity, each text at length one, then structure. */
export function encode({ rarity, means, deviations }: Encoding, { counts, structure }: Reading): SparseRow {
  const indices: number[] = [];
  const values: number[] = [];
  for (const { buckets, times } of counts) {
    const start = values.length;
    let squares = 0;
    for (let at = 0; at < buckets.length; at += 1) {
      const bucket = buckets[at]!;
      const rare = rarity[bucket]!;
      if (rare === 0) continue;
      const value = (1 + Math.log(times[at]!)) * rare;
      indices.push(bucket);
      values.push(value);
      squares += value * value;
    }
    const length = Math.sqrt(squares) || 1;
    for (let at = start; at < values.length; at += 1) values[at]! /= length;
  }
  for (let feature = 0; feature < structure.length; feature += 1) {
    const distance = (structure[feature]! - means[feature]!) / deviations[feature]!;
    const weight = feature < PROMPT_FEATURES ? STRUCTURE_WEIGHT : ANSWER_WEIGHT;
    indices.push(BUCKETS + feature);
    values.push(Math.max(-MAX_DEVIATIONS, Math.min(MAX_DEVIATIONS, distance)) * weight);
  }
  return { indices, values };
}
