import { shuffled } from '../evaluation/seeded-random.js';
import { boost } from './boosting.js';
import { calibrate } from './calibration.js';
import { chooseThreshold } from './choose-threshold.js';
import { encode, learnEncoding } from './encoding.js';
import { type ModelState, treeRow } from './judge-sample.js';
import { type LinearHead, logOdds, probabilityOf } from './linear-head.js';
import { compactColumns, logisticRegression, sparseMatrix } from './logistic-regression.js';
import { BUCKETS } from './prompt-words.js';
import type { Reading } from './read-sample.js';
import { treeValue } from './tree.js';
import type { QualityTarget, RouterModelProvenance, TreeJson } from './types.js';
import { knownShare, type WordSet, wordSet } from './word-set.js';

const FOLDS = 4;
const MAX_TREES = 150;
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
  const headOf = (grades: readonly number[]): LinearHead => {
    const { intercept, weights } = logisticRegression(matrix, grades);
    const all = new Float64Array(BUCKETS + encoding.means.length);
    columns.forEach((column, at) => {
      all[column] = weights[at]!;
    });
    return { intercept, weights: all };
  };
  return {
    encoding,
    cheap: headOf(samples.map(({ cheap }) => cheap)),
    strong: headOf(samples.map(({ strong }) => strong)),
  };
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

/** As many trees as lower the error on records they have not seen: none where structure adds nothing. */
function bestNumber(errorsAfter: Float64Array): number {
  let best = 0;
  for (let trees = 1; trees < errorsAfter.length; trees += 1) {
    if (errorsAfter[trees]! < errorsAfter[best]!) best = trees;
  }
  return best;
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

  const forests = folds.map((fold) => boost(outside(rows, fold), outside(errors, fold), MAX_TREES, seed));
  const errorsAfter = new Float64Array(MAX_TREES + 1);
  samples.forEach((_, at) => {
    let error = errors[at]!;
    errorsAfter[0]! += error ** 2;
    forests[foldOf[at]!]!.forEach((tree, index) => {
      error -= treeValue(tree, rows[at]!);
      errorsAfter[index + 1]! += error ** 2;
    });
  });
  const size = bestNumber(errorsAfter);
  const sumOf = (trees: readonly TreeJson[], row: readonly number[]): number =>
    trees.slice(0, size).reduce((sum, tree) => sum + treeValue(tree, row), 0);
  const corrected = samples.map((_, at) => linear[at]! + sumOf(forests[foldOf[at]!]!, rows[at]!));

  const leftOver = samples.map((sample, at) => gainOf(sample) - corrected[at]!);
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
    trees: size === 0 ? [] : boost(rows, errors, size, seed),
    tasks: taskGains(samples, leftOver),
    calibration,
    minKnownShare,
    maxCharacters: LENGTH_FACTOR * Math.max(...samples.map(({ reading }) => reading.characters)),
    threshold,
  };
}
