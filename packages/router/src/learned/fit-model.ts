import { shuffled } from '../evaluation/seeded-random.js';
import { calibrate } from './calibration.js';
import { chooseThreshold } from './choose-threshold.js';
import { encode, learnEncoding } from './encoding.js';
import { gainFrom, type ModelState } from './judge-sample.js';
import { type LinearHead, logOdds, probabilityOf } from './linear-head.js';
import { compactColumns, logisticRegressions, sparseMatrix } from './logistic-regression.js';
import { learnMixture, mixedOdds, mixHeads, type Odds } from './mix-heads.js';
import { BUCKETS } from './prompt-words.js';
import type { Reading } from './read-sample.js';
import { type Grades, type SoftGrades, softenGrades } from './soften-grades.js';
import type { QualityTarget, RouterModelProvenance, ThresholdChoice } from './types.js';
import { knownShare, type WordSet, wordSet } from './word-set.js';

const FOLDS = 4;
/** A task's own gain counts half when it has this many records; below, what its text says counts more. */
const TASK_RECORDS = 60;
/** This share of the training prompts may look unlike the others. */
const UNLIKE_SHARE = 0.01;
/** Prompts may be this many times longer than the longest that was seen. */
const LENGTH_FACTOR = 2;

/** A graded reading. */
export interface Sample extends Grades {
  readonly reading: Reading;
}

interface Heads {
  readonly encoding: ReturnType<typeof learnEncoding>;
  readonly cheap: LinearHead;
  readonly strong: LinearHead;
}

const gainOf = ({ cheap, strong }: Sample): number => strong - cheap;

function fitHeads(samples: readonly Sample[], grades: readonly SoftGrades[]): Heads {
  const encoding = learnEncoding(samples.map(({ reading }) => reading));
  const { rows, columns } = compactColumns(samples.map(({ reading }) => encode(encoding, reading)));
  const matrix = sparseMatrix(rows, columns.length);
  const fitted = logisticRegressions(matrix, [
    grades.map(({ cheap }) => cheap),
    grades.map(({ strong }) => strong),
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

  const grades = softenGrades(samples, foldOf, FOLDS);
  const parts = folds.map((fold) => {
    const own = outside(samples, fold);
    return { ...fitHeads(own, outside(grades, fold)), vocabulary: vocabularyOf(own) };
  });
  const apart = samples.map(({ reading }, at): Odds => {
    const { encoding, cheap, strong } = parts[foldOf[at]!]!;
    const row = encode(encoding, reading);
    return [logOdds(cheap, row), logOdds(strong, row)];
  });
  const mixture = learnMixture(
    apart,
    samples.map(({ cheap }) => cheap),
    samples.map(({ strong }) => strong),
  );
  // What models that have not seen a sample say of it, and what that leaves for its task.
  const unseen = apart.map((odds) => gainFrom(mixedOdds(mixture, odds)));
  const errors = samples.map((sample, at) => gainOf(sample) - unseen[at]!);
  const unseenTasks = folds.map((fold) => taskGains(outside(samples, fold), outside(errors, fold)));
  const gains = samples.map(({ task }, at) => {
    const own = task === undefined ? 0 : (unseenTasks[foldOf[at]!]!.get(task) ?? 0);
    return Math.max(-1, Math.min(1, unseen[at]! + own));
  });
  const calibration = calibrate(
    gains,
    samples.map((sample) => (gainOf(sample) > 0 ? 1 : 0)),
  );

  const knownShares = samples.map(({ reading }, at) =>
    knownShare(parts[foldOf[at]!]!.vocabulary, reading.words),
  );
  const minKnownShare =
    [...knownShares].sort((one, other) => one - other)[Math.floor(UNLIKE_SHARE * samples.length)] ?? 0;
  const choose = (ownGains: readonly number[]): ThresholdChoice | undefined =>
    target &&
    chooseThreshold(
      samples.map(({ cheap, strong }, at) => ({
        score: probabilityOf(calibration.slope * ownGains[at]! + calibration.intercept),
        known: knownShares[at]! >= minKnownShare,
        cheap,
        strong,
      })),
      target,
    );
  const tasks = taskGains(samples, errors);
  const { encoding, ...heads } = fitHeads(samples, grades);
  return {
    provenance,
    encoding,
    ...mixHeads(mixture, heads),
    vocabulary: vocabularyOf(samples),
    tasks,
    calibration,
    minKnownShare,
    maxCharacters: LENGTH_FACTOR * Math.max(...samples.map(({ reading }) => reading.characters)),
    threshold: choose(gains),
    // What a score means depends on whether the task is in it.
    thresholdWithoutTask: tasks.size === 0 ? undefined : choose(unseen),
  };
}
