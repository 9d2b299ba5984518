import {
  checkOptions,
  InvalidOptionError,
  isObject,
  isPositiveInteger,
  type OptionCheck,
} from '@costkit/core';

/** What one task asks for instead of what all do. */
export interface TaskBar {
  /** The loss that must be ruled out, as a share: 0.05 is five points. @defaultValue that of the bar */
  readonly maxLoss?: number;
  /** @defaultValue that of the bar */
  readonly minCases?: number;
}

/** What a cheaper tier must show before a task goes to it. */
export interface EvaluationBar {
  /** The loss of quality that must be ruled out, as a share: 0.05 is five points. @defaultValue 0.05 */
  readonly maxLoss?: number;
  /**
   * One minus the chance that any task of the policy goes to a tier that loses `maxLoss` or more: p-values are adjusted
   * (Holm) for the number of tasks and tiers. @defaultValue 0.95
   */
  readonly confidence?: number;
  /** Fewer cases of a task are never enough. @defaultValue 30 */
  readonly minCases?: number;
  /** Days after the evaluation from which on the router warns. @defaultValue 90 */
  readonly expiresInDays?: number;
  /** Tasks that ask for something else, by name. @defaultValue none */
  readonly tasks?: Readonly<Record<string, TaskBar>>;
}

/** A bar with everything filled in. */
export interface ResolvedBar {
  readonly maxLoss: number;
  readonly confidence: number;
  readonly minCases: number;
  readonly expiresInDays: number;
  readonly tasks: Readonly<Record<string, TaskBar>>;
}

const isLoss: OptionCheck = (value) =>
  typeof value === 'number' && value > 0 && value < 1
    ? undefined
    : 'must be a number above 0 and below 1, e.g. 0.05 for five points; no number of cases rules out every loss';

const isConfidence: OptionCheck = (value) =>
  typeof value === 'number' && value >= 0.5 && value < 1
    ? undefined
    : 'must be a number from 0.5 to below 1, e.g. 0.95';

/** Longer than any model is kept. */
const MOST_DAYS = 3_650;

const isLifetime: OptionCheck = (value) =>
  isPositiveInteger(value) ??
  ((value as number) > MOST_DAYS ? `must be ${MOST_DAYS} days at most` : undefined);

/**
 * Checks a bar and fills it in.
 *
 * @throws `InvalidOptionError` for what is unknown or wrong.
 */
export function resolveBar(bar: EvaluationBar = {}): ResolvedBar {
  checkOptions<EvaluationBar>(
    'router',
    bar,
    {
      maxLoss: isLoss,
      confidence: isConfidence,
      minCases: isPositiveInteger,
      expiresInDays: isLifetime,
      tasks: isObject,
    },
    'bar.',
  );
  for (const [task, entry] of Object.entries(bar.tasks ?? {})) {
    checkOptions<TaskBar>(
      'router',
      entry,
      { maxLoss: isLoss, minCases: isPositiveInteger },
      `bar.tasks.${task}.`,
    );
  }
  const { maxLoss = 0.05, confidence = 0.95, minCases = 30, expiresInDays = 90, tasks = {} } = bar;
  return { maxLoss, confidence, minCases, expiresInDays, tasks };
}

/** What a task asks for. */
export function barOf(bar: ResolvedBar, task: string): Required<TaskBar> {
  const own = Object.hasOwn(bar.tasks, task) ? bar.tasks[task] : undefined;
  return { maxLoss: own?.maxLoss ?? bar.maxLoss, minCases: own?.minCases ?? bar.minCases };
}

/** @throws `InvalidOptionError` where the bar names a task that has no cases: most likely it is misspelt. */
export function checkBarTasks(bar: ResolvedBar, tasks: ReadonlySet<string>): void {
  for (const task of Object.keys(bar.tasks)) {
    if (!tasks.has(task)) {
      throw new InvalidOptionError(
        'router',
        `bar.tasks.${task}`,
        `names a task without cases; known are ${[...tasks].join(', ')}`,
      );
    }
  }
}
