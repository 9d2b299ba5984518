import {
  type BedrockClientLike,
  type Clock,
  checkOptions,
  InvalidOptionError,
  isAnything,
  isArray,
  isBoolean,
  isFunction,
  isObject,
  isText,
  Money,
  type OptionCheck,
  type SpendGuard,
  type Tags,
} from '@costkit/core';
import type { PriceOverride } from '@costkit/pricing';
import type { RouterTier } from '../types.js';
import type { EvaluationBar } from './evaluation-bar.js';
import type { EvaluationCase } from './evaluation-case.js';
import type { Grader } from './grader.js';

/** How far an evaluation is. */
export interface EvaluationProgress {
  /** Answers that are graded, those of the results file included. */
  readonly done: number;
  readonly total: number;
  /** Paid so far, judges and earlier runs included. */
  readonly spentUsd: number;
}

/** What `evaluateTiers` takes. */
export interface EvaluationOptions {
  /**
   * Asks the tiers: a `BedrockRuntimeClient`, bare or wrapped by anything but a router. With `batchClient` of
   * `@costkit/batch` answers cost half.
   */
  readonly client: BedrockClientLike;
  /** The cases; `readEvaluationCases` of `@costkit/router/evaluation` reads a file. */
  readonly cases: Iterable<EvaluationCase> | AsyncIterable<EvaluationCase>;
  /** The models to compare, cheap to strong, as the router has them. */
  readonly tiers: readonly RouterTier[];
  /** Name of the tier that the others are compared with. @defaultValue the last, which is the strongest */
  readonly baseline?: string;
  /** Grades the answers: one grader, or one for each task by its name. */
  readonly grade: Grader | Readonly<Record<string, Grader>>;
  /** What a cheaper tier must show. @defaultValue five points at 95 %, see {@link EvaluationBar} */
  readonly bar?: EvaluationBar;
  /**
   * Calls on their way at the same time.
   * @defaultValue 8; all at once with a `batchClient`, whose jobs wait for each other otherwise
   */
  readonly concurrency?: number;
  /** Decides the order in which cases are asked, so that an evaluation that stops early has seen a fair share. @defaultValue 1 */
  readonly seed?: number;
  /**
   * Most that the evaluation may cost in dollars, judges and what the results file has paid included.
   * @defaultValue no limit
   */
  readonly maxUsd?: number | string;
  /**
   * Where the highest forecast exceeds `maxUsd`: `refuse` to begin, or begin and `stop` before the first call that might
   * exceed it. What was graded by then is reported.
   * @defaultValue `"refuse"`
   */
  readonly onMaxUsd?: 'refuse' | 'stop';
  /**
   * Budgets that must have room for the most that the evaluation can cost, before the first call, e.g. a meter. What it
   * has cost is booked in its place at the end. Give a client that this meter does not count as well.
   * @defaultValue none
   */
  readonly budget?: SpendGuard;
  /** Which budgets it counts in. @defaultValue the tags of the `withTags` in which it is run */
  readonly tags?: Tags;
  /** Begins although a model's price is unknown. Such a tier is never chosen. @defaultValue `false` */
  readonly allowUnknownPrices?: boolean;
  /** Negotiated prices for the forecast, as `costOf` takes them; receipts have those of the client. @defaultValue none */
  readonly priceOverrides?: readonly PriceOverride[];
  /**
   * A file of JSON lines that every graded answer is appended to. What stands in it is neither asked nor paid again. One
   * process at a time.
   * @defaultValue none: an evaluation that breaks off begins anew
   */
  readonly resultsFile?: string;
  /**
   * Keeps the answers in the results file, so that another grader can grade them without asking again. A judge needs it,
   * where there is a results file.
   * @defaultValue `false`: no answer is written anywhere
   */
  readonly keepAnswers?: boolean;
  /** Told after every answer. @defaultValue nobody */
  readonly onProgress?: (progress: EvaluationProgress) => void;
  /** Ends the evaluation; the calls on their way are aborted. @defaultValue none */
  readonly signal?: AbortSignal;
  /** Dates the report. @defaultValue `systemClock` */
  readonly clock?: Clock;
}

const isConcurrency: OptionCheck = (value) =>
  value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && (value as number) > 0)
    ? undefined
    : 'must be a whole number above 0, or Infinity';

const isAmount: OptionCheck = (value) => {
  const problem = 'must be an amount of dollars above 0, e.g. 5 or "0.25"';
  if (typeof value !== 'number' && typeof value !== 'string') return problem;
  try {
    return Money.fromUsd(value).picoUsd > 0n ? undefined : problem;
  } catch {
    return problem;
  }
};

const isGrade: OptionCheck = (value) => {
  if (typeof value === 'function') return undefined;
  return (
    isObject(value) ??
    (Object.values(value as object).every((grader) => typeof grader === 'function')
      ? undefined
      : 'must be a grader, or a grader for each task')
  );
};

/**
 * Checks the options of an evaluation, as far as one alone can be wrong.
 *
 * @throws `InvalidOptionError` for one that is unknown, missing or wrong.
 */
export function checkEvaluationOptions(options: EvaluationOptions): void {
  checkOptions<EvaluationOptions>('router', options, {
    client: (value) => {
      const { send, middlewareStack } = (value ?? {}) as Partial<BedrockClientLike>;
      return typeof send === 'function' && typeof middlewareStack?.clone === 'function'
        ? undefined
        : 'must be a BedrockRuntimeClient of the AWS SDK for JavaScript v3';
    },
    cases: isAnything,
    tiers: isArray,
    baseline: isText,
    grade: isGrade,
    bar: isObject,
    concurrency: isConcurrency,
    seed: (value) => (Number.isSafeInteger(value) ? undefined : 'must be a whole number'),
    maxUsd: isAmount,
    onMaxUsd: (value) => (value === 'refuse' || value === 'stop' ? undefined : 'must be "refuse" or "stop"'),
    budget: (value) =>
      typeof (value as Partial<SpendGuard> | null)?.reserve === 'function'
        ? undefined
        : 'must be a meter, or have its `reserve`',
    tags: isObject,
    allowUnknownPrices: isBoolean,
    priceOverrides: isArray,
    resultsFile: isText,
    keepAnswers: isBoolean,
    onProgress: isFunction,
    signal: (value) => (value instanceof AbortSignal ? undefined : 'must be an AbortSignal'),
    clock: isObject,
  });
  for (const name of ['client', 'cases', 'tiers', 'grade'] as const) {
    if (options[name] === undefined) throw new InvalidOptionError('router', name, 'is missing');
  }
  const { cases } = options as { cases: { [Symbol.iterator]?: unknown; [Symbol.asyncIterator]?: unknown } };
  if (typeof cases === 'string' || (!cases[Symbol.iterator] && !cases[Symbol.asyncIterator])) {
    throw new InvalidOptionError(
      'router',
      'cases',
      'must be cases, one after the other; readEvaluationCases(file) reads a file',
    );
  }
}
