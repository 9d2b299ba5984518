/**
 * The floor that a router must beat: TF-IDF of words and pairs of words, three lengths, logistic regression on either
 * tier's grade, the gain as the score. Written apart from the router's own reading of prompts, which it is compared with;
 * only the solver is the same.
 * @module
 */
import type { SparseRow } from '../packages/router/src/learned/encoding.js';
import { logOdds, probabilityOf } from '../packages/router/src/learned/linear-head.js';
import { logisticRegressions, sparseMatrix } from '../packages/router/src/learned/logistic-regression.js';

/** A text with what two tiers made of it. */
export interface FloorSample {
  readonly text: string;
  readonly cheap: number;
  readonly strong: number;
}

const WORD = /[\p{L}\p{N}_]{2,}/gu;
const MIN_TEXTS = 2;

function termsOf(text: string): Map<string, number> {
  const words = text.toLowerCase().match(WORD) ?? [];
  const counts = new Map<string, number>();
  const add = (term: string): void => {
    counts.set(term, (counts.get(term) ?? 0) + 1);
  };
  words.forEach((word, at) => {
    add(word);
    if (at > 0) add(`${words[at - 1]} ${word}`);
  });
  return counts;
}

const lengthsOf = (text: string): number[] => [
  Math.log1p(text.length),
  Math.log1p((text.match(WORD) ?? []).length),
  Math.log1p(text.split('\n').length),
];

/** Fits the floor; what is returned says how much the strong tier is expected to gain on a text. */
export function fitFloor(samples: readonly FloorSample[]): (text: string) => number {
  const counted = samples.map(({ text }) => termsOf(text));
  const texts = new Map<string, number>();
  for (const counts of counted) for (const term of counts.keys()) texts.set(term, (texts.get(term) ?? 0) + 1);
  const rarity = new Map<string, { readonly column: number; readonly idf: number }>();
  for (const [term, inTexts] of texts) {
    if (inTexts < MIN_TEXTS) continue;
    rarity.set(term, { column: rarity.size, idf: Math.log((1 + samples.length) / (1 + inTexts)) + 1 });
  }
  const lengths = samples.map(({ text }) => lengthsOf(text));
  const means = [0, 1, 2].map(
    (at) => lengths.reduce((sum, one) => sum + (one[at] as number), 0) / samples.length,
  );
  const spreads = means.map(
    (mean, at) =>
      Math.sqrt(lengths.reduce((sum, one) => sum + ((one[at] as number) - mean) ** 2, 0) / samples.length) ||
      1,
  );
  const rowOf = (text: string, counts: ReadonlyMap<string, number>): SparseRow => {
    const indices: number[] = [];
    const values: number[] = [];
    let squares = 0;
    for (const [term, times] of counts) {
      const known = rarity.get(term);
      if (known === undefined) continue;
      const value = (1 + Math.log(times)) * known.idf;
      indices.push(known.column);
      values.push(value);
      squares += value * value;
    }
    const size = Math.sqrt(squares) || 1;
    const scaled = values.map((value) => value / size);
    lengthsOf(text).forEach((length, at) => {
      indices.push(rarity.size + at);
      scaled.push((length - (means[at] as number)) / (spreads[at] as number));
    });
    return { indices, values: scaled };
  };
  const matrix = sparseMatrix(
    samples.map(({ text }, at) => rowOf(text, counted[at] as Map<string, number>)),
    rarity.size + 3,
  );
  const [cheap, strong] = logisticRegressions(matrix, [
    samples.map((sample) => sample.cheap),
    samples.map((sample) => sample.strong),
  ]);
  return (text) => {
    const row = rowOf(text, termsOf(text));
    return probabilityOf(logOdds(strong, row)) - probabilityOf(logOdds(cheap, row));
  };
}
