import type { Calibration } from './calibration.js';
import { type Encoding, encode } from './encoding.js';
import { type LinearHead, logOdds, probabilityOf } from './linear-head.js';
import type { Reading } from './read-sample.js';
import { treeValue } from './tree.js';
import type { Assessment, RouterModelProvenance, ThresholdChoice, TreeJson } from './types.js';
import { knownShare, type WordSet } from './word-set.js';

/** A model in memory. */
export interface ModelState {
  readonly provenance: RouterModelProvenance;
  readonly encoding: Encoding;
  readonly vocabulary: WordSet;
  readonly cheap: LinearHead;
  readonly strong: LinearHead;
  readonly trees: readonly TreeJson[];
  readonly tasks: ReadonlyMap<string, number>;
  readonly calibration: Calibration;
  readonly minKnownShare: number;
  readonly maxCharacters: number;
  readonly threshold: ThresholdChoice | undefined;
}

/** What the trees look at: structure, and what the linear models say. */
export function treeRow(structure: readonly number[], cheapOdds: number, strongOdds: number): number[] {
  return [...structure, cheapOdds, strongOdds, probabilityOf(strongOdds) - probabilityOf(cheapOdds)];
}

/** What a model says of a reading. */
export function judgeSample(state: ModelState, reading: Reading, task: string | undefined): Assessment {
  const row = encode(state.encoding, reading);
  const features = treeRow(reading.structure, logOdds(state.cheap, row), logOdds(state.strong, row));
  let gain = features.at(-1)!;
  for (const tree of state.trees) gain += treeValue(tree, features);
  if (task !== undefined) gain += state.tasks.get(task) ?? 0;
  gain = Math.max(-1, Math.min(1, gain));
  const { slope, intercept } = state.calibration;
  const score = probabilityOf(slope * gain + intercept);
  const known =
    reading.characters <= state.maxCharacters &&
    knownShare(state.vocabulary, reading.words) >= state.minKnownShare;
  if (state.threshold === undefined) return { score, gain, known };
  const { cheap, strong } = state.provenance;
  return { score, gain, known, tier: known && score < state.threshold.threshold ? cheap : strong };
}
