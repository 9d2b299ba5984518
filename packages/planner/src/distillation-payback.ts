import {
  isBoolean,
  isObject,
  isOneOf,
  isPositiveInteger,
  isShare,
  isText,
  type OptionChecks,
} from '@costkit/core';
import { Money, PRICE_VERSION } from '@costkit/pricing';
import {
  check,
  invalid,
  isCount,
  isIsoDate,
  isPositiveNumber,
  isUsd,
  isWholeCount,
  modelOf,
  moneyOf,
  requireFields,
} from './checks.js';
import { DISTILLATION_PROMPTS, type PairSupport, pairSupport } from './distillation-pairs.js';
import type { Assumption, BreakEven, PlanBasis, Usd } from './plan.js';
import { priceAssumptions } from './price-assumptions.js';
import { requestCost } from './request-cost.js';
import { scaleMoney, sumOfKnown } from './scale-money.js';
import { sensitivityOf } from './sensitivity.js';
import { TRAINING_SOURCE, trainingPrice, USD_PER_MODEL_MONTH } from './training-prices.js';

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

/** What {@link distillationPayback} is asked. */
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

/** The answer of {@link distillationPayback}. */
export interface DistillationPayback extends PlanBasis<DistillationPaybackOptions> {
  /** What AWS says about the pair. */
  readonly pair: PairSupport;
  /** Paid once. */
  readonly once: {
    readonly labels: Money | undefined;
    readonly training: Money | undefined;
    readonly evaluation: Money;
    readonly total: Money | undefined;
  };
  /** Paid every month whatever is called. */
  readonly fixedPerMonth: {
    readonly storage: Money;
    readonly hosting: Money | undefined;
    readonly total: Money | undefined;
  };
  /** All requests by the teacher. */
  readonly teacherPerMonth: Money | undefined;
  /** The same requests with the student, its storage and hosting. */
  readonly studentPerMonth: Money | undefined;
  readonly savedPerMonth: Money | undefined;
  /** Saved by one request that the student answers, before anything fixed. */
  readonly savedPerRequest: Money | undefined;
  /** Months until what was paid once is back; `undefined`: unknown or never. */
  readonly paybackMonths: number | undefined;
  /** Requests a month at which storage and hosting eat the saving: up to it, it never pays back. */
  readonly neverBelow: BreakEven;
  /** Requests a month at which it has paid back by the end of the horizon. */
  readonly breakEven: BreakEven;
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

const HOURS_PER_MONTH = 730;
const DEFAULT_HORIZON = 12;

/**
 * Whether a distilled student pays: teacher labels, training, storage and hosting against what each request saves;
 * months to pay back, the volume below which it never does, and the volume at which it has by the end of the horizon.
 *
 * @throws InvalidOptionError for a malformed option, naming it
 * @throws UnknownModelError for a model that the catalogue does not have
 *
 * @example
 * ```ts
 * import { distillationPayback } from '@costkit/planner';
 *
 * const { paybackMonths, neverBelow } = distillationPayback({
 *   teacher: 'meta.llama3-1-70b-instruct-v1:0',
 *   student: 'meta.llama3-1-8b-instruct-v1:0',
 *   requestsPerMonth: 2_000_000,
 *   inputTokens: 1_200,
 *   outputTokens: 150,
 *   training: { prompts: 5_000, epochs: 2 },
 * });
 * ```
 */
export function distillationPayback(options: DistillationPaybackOptions): DistillationPayback {
  checkDistillation(options);
  const costs = costsOf(options);
  const { once, fixedPerMonth, savedPerRequest, perMonth } = costs;
  const { horizonMonths = DEFAULT_HORIZON, studentShare = 1 } = options;
  const monthly = divideOrUndefined(once.total, horizonMonths);
  const needed = sumOfKnown([fixedPerMonth.total, monthly]);
  return {
    inputs: options,
    pair: pairSupport(modelOf(options.teacher).model.id, modelOf(options.student).model.id),
    once,
    fixedPerMonth,
    ...perMonth,
    savedPerRequest,
    paybackMonths: paybackMonthsOf(costs),
    neverBelow: volumeAt(fixedPerMonth.total, savedPerRequest, studentShare),
    breakEven: volumeAt(needed, savedPerRequest, studentShare),
    assumptions: assumptionsOf(options),
    sensitivity: sensitivityOf(
      [
        {
          input: 'requestsPerMonth',
          times: (factor) => ({ ...options, requestsPerMonth: options.requestsPerMonth * factor }),
        },
        {
          input: 'studentShare',
          factors: [0.5, 0.8],
          times: (factor) => ({ ...options, studentShare: studentShare * factor }),
        },
        {
          input: 'training.prompts',
          times: (factor) => ({
            ...options,
            training: { ...options.training, prompts: Math.round(options.training.prompts * factor) },
          }),
        },
      ],
      (varied) => paybackMonthsOf(costsOf(varied)),
    ),
    missing: missingOf(options, costs),
    priceVersion: PRICE_VERSION,
  };
}

function checkDistillation(options: DistillationPaybackOptions): void {
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
    if (options.hosting.ratesOf !== undefined) modelOf(options.hosting.ratesOf);
  }
  if ((options.savedInputTokens ?? 0) > options.inputTokens) {
    throw invalid('savedInputTokens', `(${options.savedInputTokens}) is more than inputTokens`);
  }
  modelOf(options.teacher);
  modelOf(options.student);
}

function costsOf(options: DistillationPaybackOptions) {
  const { region, at, inputTokens: input, outputTokens: output, requestsPerMonth, training } = options;
  const { studentShare = 1, savedInputTokens = 0, hosting = { kind: 'onDemand' } } = options;
  const context = {
    ...(region === undefined ? {} : { region }),
    ...(at === undefined ? {} : { at: new Date(at) }),
  };
  const ratesOf = hosting.kind === 'onDemand' ? (hosting.ratesOf ?? options.student) : undefined;
  const teacher = requestCost(modelOf(options.teacher), 'standard', { input, output }, context);
  const student =
    ratesOf === undefined
      ? undefined
      : requestCost(modelOf(ratesOf), 'standard', { input: input - savedInputTokens, output }, context);
  const studentCost = student === undefined ? Money.zero : student.cost;
  const labels = training.answersInLogs === true ? Money.zero : teacher.cost?.times(training.prompts);
  const perMillion =
    training.usdPerMillionTokens === undefined
      ? trainingPrice(modelOf(options.student).model.id)
      : moneyOf(training.usdPerMillionTokens);
  const tokens = training.prompts * (input - savedInputTokens + output) * (training.epochs ?? 1);
  const trained = perMillion === undefined ? undefined : scaleMoney(perMillion, tokens / 1e6);
  const evaluation = moneyOf(training.evaluationUsd ?? 0);
  const storage = moneyOf(USD_PER_MODEL_MONTH);
  const units = hosting.usdPerUnitHour === undefined ? undefined : moneyOf(hosting.usdPerUnitHour);
  const hosted =
    hosting.kind === 'onDemand' ? Money.zero : units?.times((hosting.modelUnits ?? 1) * HOURS_PER_MONTH);
  const fixed = sumOfKnown([storage, hosted]);
  const savedPerRequest = studentCost === undefined ? undefined : teacher.cost?.minus(studentCost);
  const teacherPerMonth = teacher.cost === undefined ? undefined : scaleMoney(teacher.cost, requestsPerMonth);
  const saved =
    savedPerRequest === undefined ? undefined : scaleMoney(savedPerRequest, requestsPerMonth * studentShare);
  const savedPerMonth = fixed === undefined ? undefined : saved?.minus(fixed);
  return {
    once: { labels, training: trained, evaluation, total: sumOfKnown([labels, trained, evaluation]) },
    fixedPerMonth: { storage, hosting: hosted, total: fixed },
    savedPerRequest,
    perMonth: {
      teacherPerMonth,
      studentPerMonth: savedPerMonth === undefined ? undefined : teacherPerMonth?.minus(savedPerMonth),
      savedPerMonth,
    },
    missing: [...teacher.missing, ...(student?.missing ?? [])],
  };
}

type Costs = ReturnType<typeof costsOf>;

function paybackMonthsOf({ once, perMonth: { savedPerMonth } }: Costs): number | undefined {
  if (once.total === undefined || savedPerMonth === undefined || savedPerMonth.picoUsd <= 0n)
    return undefined;
  return Number(once.total.picoUsd) / Number(savedPerMonth.picoUsd);
}

function divideOrUndefined(amount: Money | undefined, by: number): Money | undefined {
  return amount === undefined ? undefined : scaleMoney(amount, 1 / by);
}

/** Requests a month at which the student's saving reaches an amount. */
function volumeAt(
  needed: Money | undefined,
  savedPerRequest: Money | undefined,
  studentShare: number,
): BreakEven {
  const isKnown = needed !== undefined && savedPerRequest !== undefined;
  const pays = isKnown && savedPerRequest.picoUsd > 0n && studentShare > 0;
  return {
    quantity: 'requests a month',
    value: pays ? Number(needed.picoUsd) / Number(savedPerRequest.picoUsd) / studentShare : undefined,
    cheaperBelow: isKnown ? 'teacher' : 'unknown',
    ...(pays ? { cheaperAbove: 'student' } : {}),
  };
}

function assumptionsOf({ teacher, student, training, hosting }: DistillationPaybackOptions): Assumption[] {
  const list: Assumption[] = [
    {
      what: 'price of labels',
      value:
        training.answersInLogs === true
          ? 'none: the answers are in the logs'
          : 'on-demand price of the teacher',
      source: 'AWS user guide, model distillation, read in 2026-09 to 2026-11',
      certainty: 'documented',
    },
    {
      what: 'storage of the student',
      value: `$${USD_PER_MODEL_MONTH} a month`,
      source: TRAINING_SOURCE,
      certainty: 'documented',
    },
    training.usdPerMillionTokens === undefined
      ? {
          what: 'training price',
          value: 'that of fine-tuning the student',
          source: TRAINING_SOURCE,
          certainty: 'documented',
        }
      : {
          what: 'training price',
          value: `$${training.usdPerMillionTokens} per million tokens`,
          source: 'input',
          certainty: 'given',
        },
    {
      what: 'epochs',
      value: String(training.epochs ?? 1),
      source: 'input, or 1',
      certainty: training.epochs === undefined ? 'assumed' : 'given',
    },
  ];
  if ((hosting?.kind ?? 'onDemand') === 'onDemand') {
    list.push({
      what: 'token rates of the student',
      value: `those of ${hosting?.ratesOf ?? student}`,
      source: 'no price source lists rates of custom-model deployments for it',
      certainty: 'assumed',
    });
  }
  return [...list, ...priceAssumptions([teacher, student])];
}

function missingOf(options: DistillationPaybackOptions, { once, fixedPerMonth, missing }: Costs): string[] {
  const list = [...missing];
  if (once.training === undefined)
    list.push(`the training price of ${options.student} (\`training.usdPerMillionTokens\`)`);
  if (fixedPerMonth.hosting === undefined) list.push('the price of a model unit (`hosting.usdPerUnitHour`)');
  return list;
}
