import type { Calibration } from './calibration.js';
import { type Encoding, encode } from './encoding.js';
import { type LinearHead, logOdds, probabilityOf } from './linear-head.js';
import type { Odds } from './mix-heads.js';
import type { Reading } from './read-sample.js';
import type { Assessment, RouterModelProvenance, ThresholdChoice } from './types.js';
import { knownShare, type WordSet } from './word-set.js';

/** A model in memory. */
export interface ModelState {
  readonly provenance: RouterModelProvenance;
  readonly encoding: Encoding;
  readonly vocabulary: WordSet;
  readonly cheap: LinearHead;
  readonly strong: LinearHead;
  readonly tasks: ReadonlyMap<string, number>;
  readonly calibration: Calibration;
  readonly minKnownShare: number;
  readonly maxCharacters: number;
  readonly threshold: ThresholdChoice | undefined;
  readonly thresholdWithoutTask: ThresholdChoice | undefined;
}

/** The expected grade of the strong tier less that of the cheap tier, by the log-odds of both. */
export const gainFrom = ([cheap, strong]: Odds): number => probabilityOf(strong) - probabilityOf(cheap);

/** What a model says of a reading. */
export function judgeSample(state: ModelState, reading: Reading, task: string | undefined): Assessment {
  const row = encode(state.encoding, reading);
  const gainOfTask = task === undefined ? undefined : state.tasks.get(task);
  const gainOfText = gainFrom([logOdds(state.cheap, row), logOdds(state.strong, row)]);
  const gain = Math.max(-1, Math.min(1, gainOfText + (gainOfTask ?? 0)));
  const { slope, intercept } = state.calibration;
  const score = probabilityOf(slope * gain + intercept);
  const known =
    reading.characters <= state.maxCharacters &&
    knownShare(state.vocabulary, reading.words) >= state.minKnownShare;
  const choice = gainOfTask === undefined ? (state.thresholdWithoutTask ?? state.threshold) : state.threshold;
  if (choice === undefined) return { score, gain, known };
  const { threshold } = choice;
  const { cheap, strong } = state.provenance;
  return { score, gain, known, threshold, tier: known && score < threshold ? cheap : strong };
}
