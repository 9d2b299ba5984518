import {
  isBoolean,
  isObject,
  isOneOf,
  isPositiveInteger,
  isShare,
  isText,
  type OptionChecks,
} from '@costkit/core';
import {
  check,
  invalid,
  isCount,
  isIsoDate,
  isPositiveNumber,
  isUsd,
  isWholeCount,
  modelOf,
  requireFields,
} from './checks.js';
import { DISTILLATION_PROMPTS } from './distillation-pairs.js';
import type { Usd } from './plan.js';

/** The data set and its training. */
export interface DistillationTraining {
  /** Prompts of the data set: 100 to 15,000. */
  readonly prompts: number;
  /** Whether the teacher's answers are there already, in invocation logs: then it is not asked again. @defaultValue false */
  readonly answersInLogs?: boolean;
  /** Passes over the data. @defaultValue 1 */
  readonly epochs?: number;
  /** Dollars per million training tokens. @defaultValue the catalogue's, for the students that it has */
  readonly usdPerMillionTokens?: Usd;
  /** What the evaluation of the student costs, once. @defaultValue 0 */
  readonly evaluationUsd?: Usd;
}

/** How the student is served. */
export interface StudentHosting {
  /** `onDemand`: a custom-model deployment, paid by token; `provisioned`: model units, paid by the hour. */
  readonly kind: 'onDemand' | 'provisioned';
  /** Model units, for `provisioned`. @defaultValue 1 */
  readonly modelUnits?: number;
  /** Dollars per unit and hour, for `provisioned`. */
  readonly usdPerUnitHour?: Usd;
  /** Model whose token rates a deployment pays. @defaultValue the student's base model */
  readonly ratesOf?: string;
}

/** What `distillationPayback` is asked. */
export interface DistillationPaybackOptions {
  /** The model that answers today, and whose answers are learnt. */
  readonly teacher: string;
  /** The base model of the student. */
  readonly student: string;
  /** Source Region. @defaultValue the base Region of the price list */
  readonly region?: string;
  /** Prices of that day. @defaultValue the newest rows */
  readonly at?: string;
  /** Requests in a month. */
  readonly requestsPerMonth: number;
  /** Tokens of one prompt. */
  readonly inputTokens: number;
  /** Tokens of one answer. */
  readonly outputTokens: number;
  /** Share of the requests that the student may answer; your evaluation says it. @defaultValue 1 */
  readonly studentShare?: number;
  /** Prompt tokens that the student does not need, because it has learnt the instructions. @defaultValue 0 */
  readonly savedInputTokens?: number;
  /** The data set and its training. */
  readonly training: DistillationTraining;
  /** How the student is served. @defaultValue on demand */
  readonly hosting?: StudentHosting;
  /** Months in which it should have paid back. @defaultValue 12 */
  readonly horizonMonths?: number;
}

const OPTIONS: OptionChecks<DistillationPaybackOptions> = {
  teacher: isText,
  student: isText,
  region: isText,
  at: isIsoDate,
  requestsPerMonth: isCount,
  inputTokens: isWholeCount,
  outputTokens: isWholeCount,
  studentShare: isShare,
  savedInputTokens: isWholeCount,
  training: isObject,
  hosting: isObject,
  horizonMonths: isPositiveNumber,
};
const TRAINING: OptionChecks<DistillationTraining> = {
  prompts: (value) => {
    const { least, most } = DISTILLATION_PROMPTS;
    const fits = Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
    return fits
      ? undefined
      : `must be a whole number from ${least} to ${most}: the limits of a distillation job`;
  },
  answersInLogs: isBoolean,
  epochs: isPositiveInteger,
  usdPerMillionTokens: isUsd,
  evaluationUsd: isUsd,
};
const HOSTING: OptionChecks<StudentHosting> = {
  kind: isOneOf('onDemand', 'provisioned'),
  modelUnits: isPositiveInteger,
  usdPerUnitHour: isUsd,
  ratesOf: isText,
};

/** @throws InvalidOptionError or UnknownModelError, before anything is computed */
export function checkDistillation(options: DistillationPaybackOptions): void {
  check(options, OPTIONS);
  requireFields(options, [
    'teacher',
    'student',
    'requestsPerMonth',
    'inputTokens',
    'outputTokens',
    'training',
  ]);
  check(options.training, TRAINING, 'training.');
  requireFields(options.training, ['prompts'], 'training.');
  if (options.hosting !== undefined) {
    check(options.hosting, HOSTING, 'hosting.');
    requireFields(options.hosting, ['kind'], 'hosting.');
    const { kind, modelUnits, usdPerUnitHour, ratesOf } = options.hosting;
    if (ratesOf !== undefined) modelOf(ratesOf);
    // What the other kind would be paid by changes nothing here, and whoever gives it expects that it does.
    for (const [field, value] of Object.entries(
      kind === 'onDemand' ? { modelUnits, usdPerUnitHour } : { ratesOf },
    )) {
      if (value !== undefined)
        throw invalid(`hosting.${field}`, `is not paid with kind "${kind}"; leave it out`);
    }
  }
  if ((options.savedInputTokens ?? 0) > options.inputTokens) {
    throw invalid('savedInputTokens', `(${options.savedInputTokens}) is more than inputTokens`);
  }
  modelOf(options.teacher);
  modelOf(options.student);
}
