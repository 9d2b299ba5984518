import { InvalidOptionError, systemClock } from '@costkit/core';
import { type ResolvedTier, resolveTiers } from '../resolve-tiers.js';
import { digestOf } from './digest.js';
import { checkBarTasks, type ResolvedBar, resolveBar } from './evaluation-bar.js';
import { collectCases, type EvaluationCase } from './evaluation-case.js';
import { EvaluationError } from './evaluation-error.js';
import { checkEvaluationOptions, type EvaluationOptions } from './evaluation-options.js';
import type { Grader } from './grader.js';
import type { ResultRecord } from './results-file.js';
import { shuffled } from './seeded-random.js';

/** One answer of one tier to one case. */
export interface Cell {
  readonly evaluationCase: EvaluationCase;
  readonly tier: ResolvedTier;
  readonly isBaseline: boolean;
  readonly grader: Grader;
  /** Fingerprint of the request and the model. */
  readonly key: string;
  /** Fingerprint of how it is graded. */
  readonly grading: string;
}

/** What is to be done, checked. */
export interface EvaluationPlan {
  readonly options: EvaluationOptions;
  readonly cases: readonly EvaluationCase[];
  readonly tiers: readonly ResolvedTier[];
  readonly baseline: ResolvedTier;
  readonly bar: ResolvedBar;
  /** By task. */
  readonly graders: ReadonlyMap<string, Grader>;
  /** Case by case, in an order that the seed decides; the baseline first. */
  readonly cells: readonly Cell[];
}

/** The id of a grader, or one made of its source. */
export const graderId = (grader: Grader): string =>
  grader.id ?? `${grader.name === '' ? 'function' : grader.name}:${digestOf(String(grader))}`;

function gradersOf(
  grade: EvaluationOptions['grade'],
  tasks: ReadonlySet<string>,
): ReadonlyMap<string, Grader> {
  if (typeof grade === 'function') return new Map([...tasks].map((task) => [task, grade]));
  const graders = new Map<string, Grader>(Object.entries(grade));
  for (const task of tasks) {
    if (!graders.has(task))
      throw new InvalidOptionError('router', `grade.${task}`, 'is missing: the task has cases');
  }
  for (const task of graders.keys()) {
    if (!tasks.has(task)) {
      const known = [...tasks].join(', ');
      throw new InvalidOptionError(
        'router',
        `grade.${task}`,
        `names a task without cases; known are ${known}`,
      );
    }
  }
  return graders;
}

async function checkGraders(
  cases: readonly EvaluationCase[],
  graders: ReadonlyMap<string, Grader>,
): Promise<void> {
  for (const one of cases) {
    const grader = graders.get(one.task);
    const lacking = grader?.lacks?.(one);
    if (grader === undefined || lacking === undefined) continue;
    throw new EvaluationError(
      'COSTKIT_EVALUATION_INVALID_CASE',
      `case "${one.id}" cannot be graded by ${graderId(grader)}: ${lacking}`,
    );
  }
  for (const [task, grader] of graders) await grader.prepare?.(cases.filter((one) => one.task === task));
}

function baselineOf(tiers: readonly ResolvedTier[], name: string | undefined): ResolvedTier {
  const baseline = name === undefined ? tiers.at(-1) : tiers.find((tier) => tier.name === name);
  if (baseline === undefined || tiers.length < 2) {
    const [option, problem] =
      tiers.length < 2
        ? ['tiers', 'must hold at least two: something to compare, and something to compare it with']
        : ['baseline', `must name a tier; known are ${tiers.map((tier) => tier.name).join(', ')}`];
    throw new InvalidOptionError('router', option as string, problem as string);
  }
  return baseline;
}

/**
 * Checks everything that can be checked before anything is paid.
 *
 * @throws `InvalidOptionError`, `UnknownModelError`, `ModelEndOfLifeError` and {@link EvaluationError}.
 */
export async function planEvaluation(options: EvaluationOptions): Promise<EvaluationPlan> {
  checkEvaluationOptions(options);
  const tiers = resolveTiers(options.tiers, options.clock ?? systemClock, () => undefined);
  const baseline = baselineOf(tiers, options.baseline);
  const bar = resolveBar(options.bar);
  const cases = await collectCases(options.cases);
  const tasks = new Set(cases.map(({ task }) => task));
  checkBarTasks(bar, tasks);
  const graders = gradersOf(options.grade, tasks);
  const { resultsFile, keepAnswers = false } = options;
  if (resultsFile !== undefined && !keepAnswers && [...graders.values()].some(({ compares }) => compares)) {
    throw new InvalidOptionError(
      'router',
      'keepAnswers',
      'must be true with a judge and a results file: the answers of the baseline are compared with again',
    );
  }
  await checkGraders(cases, graders);
  const order = [baseline, ...tiers.filter((tier) => tier !== baseline)];
  const cells = shuffled(cases, options.seed ?? 1).flatMap((one) => {
    const grader = graders.get(one.task) as Grader;
    const { expected, rubric, schema } = one;
    const about = [graderId(grader), expected, rubric, schema];
    return order.map((tier): Cell => {
      const isBaseline = tier === baseline;
      return {
        evaluationCase: one,
        tier,
        isBaseline,
        grader,
        key: digestOf([one.id, one.request, tier.modelId]),
        grading: digestOf(grader.compares === true ? [...about, baseline.modelId, isBaseline] : about),
      };
    });
  });
  return { options, cases, tiers, baseline, bar, graders, cells };
}

/** What a results file knows. */
export interface KnownResults {
  /** The grade of a cell that need not be graded again. */
  graded(cell: Cell): ResultRecord | undefined;
  /** The paid answer of a cell, or how it failed; to be graded. */
  answered(cell: Cell): ResultRecord | undefined;
}

/** An error that would come again: the model does not take the request. */
const LASTING_ERROR = 'ValidationException';

/** Whether the call ended in an error that may pass, so that it is asked for again. */
export const isPassingError = ({ failure, error }: ResultRecord): boolean =>
  failure === 'error' && error !== LASTING_ERROR;

/** Finds results by cell. Answers that failed by an error that may pass are asked for again. */
export function knownResults(records: readonly ResultRecord[]): KnownResults {
  const graded = new Map<string, ResultRecord>();
  const answered = new Map<string, ResultRecord>();
  for (const record of records) {
    if (isPassingError(record)) continue;
    if (record.failure !== undefined || record.answer !== undefined) answered.set(record.key, record);
    if (record.grading !== undefined) graded.set(`${record.key} ${record.grading}`, record);
  }
  return {
    graded: ({ key, grading }) => graded.get(`${key} ${grading}`),
    answered: ({ key }) => answered.get(key),
  };
}
