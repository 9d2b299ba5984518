import { type Money, PRICE_VERSION } from '@costkit/pricing';
import { modelOf } from './checks.js';
import { type DistillationCosts, distillationCosts } from './distillation-costs.js';
import { checkDistillation, type DistillationPaybackOptions } from './distillation-options.js';
import { DISTILLATION_PROMPTS, type PairSupport, pairSupport } from './distillation-pairs.js';
import type { Assumption, BreakEven, PlanBasis } from './plan.js';
import { priceAssumptions } from './price-assumptions.js';
import { scaleMoney, sumOfKnown } from './scale-money.js';
import { sensitivityOf } from './sensitivity.js';
import { TRAINING_SOURCE, USD_PER_MODEL_MONTH } from './training-prices.js';

/** The answer of {@link distillationPayback}. */
export interface DistillationPayback extends PlanBasis<DistillationPaybackOptions> {
  /** What AWS says about the pair. */
  readonly pair: PairSupport;
  /** Paid once. */
  readonly once: DistillationCosts['once'];
  /** Paid every month whatever is called. */
  readonly fixedPerMonth: DistillationCosts['fixedPerMonth'];
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
  const costs = distillationCosts(options);
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
            training: { ...options.training, prompts: promptsWithin(options.training.prompts * factor) },
          }),
        },
      ],
      (varied) => paybackMonthsOf(distillationCosts(varied)),
    ),
    missing: missingOf(options, costs),
    priceVersion: PRICE_VERSION,
  };
}

/** As many as a job may have. */
function promptsWithin(prompts: number): number {
  const { least, most } = DISTILLATION_PROMPTS;
  return Math.min(most, Math.max(least, Math.round(prompts)));
}

function paybackMonthsOf({ once, perMonth: { savedPerMonth } }: DistillationCosts): number | undefined {
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
          : `on-demand price of the teacher for every prompt; Bedrock may synthesise up to ${DISTILLATION_PROMPTS.most}`,
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

function missingOf(
  options: DistillationPaybackOptions,
  { once, fixedPerMonth, missing }: DistillationCosts,
): string[] {
  const list = [...missing];
  if (once.training === undefined)
    list.push(`the training price of ${options.student} (\`training.usdPerMillionTokens\`)`);
  if (fixedPerMonth.hosting === undefined) list.push('the price of a model unit (`hosting.usdPerUnitHour`)');
  return list;
}
