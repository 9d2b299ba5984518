import { shuffled } from '../evaluation/seeded-random.js';
import { createBooster } from './boosting.js';
import { calibrate } from './calibration.js';
import { chooseThreshold } from './choose-threshold.js';
import { encode, learnEncoding } from './encoding.js';
import { type ModelState, treeRow } from './judge-sample.js';
import { type LinearHead, logOdds, probabilityOf } from './linear-head.js';
import { compactColumns, logisticRegressions, sparseMatrix } from './logistic-regression.js';
import { BUCKETS } from './prompt-words.js';
import type { Reading } from './read-sample.js';
import { treeValue } from './tree.js';
import type { QualityTarget, RouterModelProvenance } from './types.js';
import { knownShare, type WordSet, wordSet } from './word-set.js';

const FOLDS = 4;
const MAX_TREES = 150;
/** So many trees in a row that help nobody are enough. */
const VAIN_TREES = 40;
/** A task's own gain counts half when it has this many records; below, what its text says counts more. */
const TASK_RECORDS = 60;
/** This share of the training prompts may look unlike the others. */
const UNLIKE_SHARE = 0.01;
/** Prompts may be this many times longer than the longest that was seen. */
const LENGTH_FACTOR = 2;

/** A graded reading. */
export interface Sample {
  readonly reading: Reading;
  readonly task: string | undefined;
  /** Grades from 0 to 1. */
  readonly cheap: number;
  readonly strong: number;
}

interface Heads {
  readonly encoding: ReturnType<typeof learnEncoding>;
  readonly cheap: LinearHead;
  readonly strong: LinearHead;
}

/** What models that have not seen a sample say of it. */
interface Unseen {
  readonly cheapOdds: number;
  readonly strongOdds: number;
  readonly knownShare: number;
}

const gainOf = ({ cheap, strong }: Sample): number => strong - cheap;

function fitHeads(samples: readonly Sample[]): Heads {
  const encoding = learnEncoding(samples.map(({ reading }) => reading));
  const { rows, columns } = compactColumns(samples.map(({ reading }) => encode(encoding, reading)));
  const matrix = sparseMatrix(rows, columns.length);
  const fitted = logisticRegressions(matrix, [
    samples.map(({ cheap }) => cheap),
    samples.map(({ strong }) => strong),
  ]);
  const [cheap, strong] = fitted.map(({ intercept, weights }): LinearHead => {
    const all = new Float64Array(BUCKETS + encoding.means.length);
    columns.forEach((column, at) => {
      all[column] = weights[at]!;
    });
    return { intercept, weights: all };
  });
  return { encoding, cheap: cheap!, strong: strong! };
}

/** The words that two samples or more have. */
function vocabularyOf(samples: readonly Sample[]): WordSet {
  const once = wordSet();
  const twice = wordSet();
  for (const { reading } of samples) {
    for (const hash of new Set(reading.words)) (once.has(hash) ? twice : once).add(hash);
  }
  return twice;
}

/** Each task's mean error, shrunk towards 0. */
function taskGains(samples: readonly Sample[], errors: readonly number[]): Map<string, number> {
  const sums = new Map<string, { sum: number; count: number }>();
  samples.forEach(({ task }, at) => {
    if (task === undefined) return;
    const { sum, count } = sums.get(task) ?? { sum: 0, count: 0 };
    sums.set(task, { sum: sum + errors[at]!, count: count + 1 });
  });
  return new Map([...sums].map(([task, { sum, count }]) => [task, sum / (count + TASK_RECORDS)]));
}

/** Fits a model to graded samples. Whatever judges the model itself is cross-validated. */
export function fitModel(
  samples: readonly Sample[],
  provenance: RouterModelProvenance,
  target: QualityTarget | undefined,
): ModelState {
  const { seed } = provenance;
  const foldOf = new Int32Array(samples.length);
  shuffled([...samples.keys()], seed).forEach((sample, at) => {
    foldOf[sample] = at % FOLDS;
  });
  const folds = Array.from({ length: FOLDS }, (_, fold) => fold);
  const outside = <T>(values: readonly T[], fold: number): T[] =>
    values.filter((_, at) => foldOf[at] !== fold);

  const parts = folds.map((fold) => {
    const own = outside(samples, fold);
    return { ...fitHeads(own), vocabulary: vocabularyOf(own) };
  });
  const unseen = samples.map(({ reading }, at): Unseen => {
    const part = parts[foldOf[at]!]!;
    const row = encode(part.encoding, reading);
    return {
      cheapOdds: logOdds(part.cheap, row),
      strongOdds: logOdds(part.strong, row),
      knownShare: knownShare(part.vocabulary, reading.words),
    };
  });
  const linear = unseen.map(
    ({ cheapOdds, strongOdds }) => probabilityOf(strongOdds) - probabilityOf(cheapOdds),
  );
  const rows = samples.map(({ reading }, at) =>
    treeRow(reading.structure, unseen[at]!.cheapOdds, unseen[at]!.strongOdds),
  );
  const errors = samples.map((sample, at) => gainOf(sample) - linear[at]!);

  // As many trees as lower the error on records they have not seen: none where structure adds nothing.
  const boosters = folds.map((fold) => createBooster(outside(rows, fold), outside(errors, fold), seed));
  const open = Float64Array.from(errors);
  const errorLeft = (): number => open.reduce((sum, error) => sum + error ** 2, 0);
  let best = { trees: 0, error: errorLeft(), open: open.slice() };
  for (let trees = 1; trees <= MAX_TREES && trees - best.trees <= VAIN_TREES; trees += 1) {
    const grown = boosters.map((grow) => grow());
    rows.forEach((row, at) => {
      open[at]! -= treeValue(grown[foldOf[at]!]!, row);
    });
    const error = errorLeft();
    if (error < best.error) best = { trees, error, open: open.slice() };
  }
  const corrected = samples.map((sample, at) => gainOf(sample) - best.open[at]!);

  const leftOver = [...best.open];
  const unseenTasks = folds.map((fold) => taskGains(outside(samples, fold), outside(leftOver, fold)));
  const gains = samples.map(({ task }, at) => {
    const own = task === undefined ? 0 : (unseenTasks[foldOf[at]!]!.get(task) ?? 0);
    return Math.max(-1, Math.min(1, corrected[at]! + own));
  });
  const calibration = calibrate(
    gains,
    samples.map((sample) => (gainOf(sample) > 0 ? 1 : 0)),
  );

  const shares = unseen.map((one) => one.knownShare).sort((one, other) => one - other);
  const minKnownShare = shares[Math.floor(UNLIKE_SHARE * shares.length)] ?? 0;
  const threshold =
    target === undefined
      ? undefined
      : chooseThreshold(
          samples.map(({ cheap, strong }, at) => ({
            score: probabilityOf(calibration.slope * gains[at]! + calibration.intercept),
            known: unseen[at]!.knownShare >= minKnownShare,
            cheap,
            strong,
          })),
          target,
        );
  return {
    provenance,
    ...fitHeads(samples),
    vocabulary: vocabularyOf(samples),
    trees: Array.from({ length: best.trees }, createBooster(rows, errors, seed)),
    tasks: taskGains(samples, leftOver),
    calibration,
    minKnownShare,
    maxCharacters: LENGTH_FACTOR * Math.max(...samples.map(({ reading }) => reading.characters)),
    threshold,
  };
}
