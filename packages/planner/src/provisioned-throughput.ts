import { isArray, isBoolean, isObject, isOneOf, isText, type OptionChecks } from '@costkit/core';
import { type Money, PRICE_VERSION } from '@costkit/pricing';
import { type CommitmentTerm, provisionedHourlyRate } from '@costkit/pricing/capacity';
import { HOURS_PER_MONTH } from './cached-request-cost.js';
import { check, isIsoDate, isPositiveNumber, isUsd, modelOf, moneyOf, requireFields } from './checks.js';
import { type CommitmentPlan, commitmentPlan } from './commitment-plan.js';
import {
  type HourlyLoad,
  type LoadBucket,
  loadProfileOf,
  type TraceRequest,
  totalLoad,
} from './hourly-load.js';
import { type LoadPricer, loadPricer } from './load-cost.js';
import type { Assumption, PlanBasis, Usd } from './plan.js';
import { priceAssumptions } from './price-assumptions.js';
import { type ReservedPlan, reservedPlan } from './reserved-plan.js';
import { cheapest, scaleMoney } from './scale-money.js';
import { sensitivityOf } from './sensitivity.js';
import type { WorkloadMode } from './workload.js';

/** Terms for which Bedrock sells model units; three months there are of the reserved tier alone. */
export type ModelUnitTerm = Exclude<CommitmentTerm, 'ThreeMonths'>;

/** What one model unit can do; AWS tells its customers, not the public. */
export interface ModelUnit {
  /** Input tokens that one unit takes in a minute. */
  readonly inputTokensPerMinute: number;
  /** Output tokens that one unit makes in a minute. */
  readonly outputTokensPerMinute: number;
  /** Where the figures come from, e.g. `quote of 2026-11-03`. @defaultValue `"input"` */
  readonly source?: string;
}

/** What {@link provisionedThroughputBreakEven} is asked. */
export interface ProvisionedThroughputOptions {
  /** Model id, profile or ARN whose on-demand price is compared. */
  readonly model: string;
  /** Source Region. @defaultValue the base Region of the price list */
  readonly region?: string;
  /** Prices of that day. @defaultValue the newest rows */
  readonly at?: string;
  /** Load hour by hour over a cycle that repeats: 24, 168 or all hours of a month. Give this or `trace`. */
  readonly hours?: readonly HourlyLoad[];
  /** Single requests, from which the load of every minute is taken; the span repeats. Give this or `hours`. */
  readonly trace?: readonly TraceRequest[];
  /** What one model unit can do. @defaultValue unknown: then only the reserved tier is planned */
  readonly unit?: ModelUnit;
  /** Dollars per unit and hour by commitment, e.g. from a quote. @defaultValue the catalogue's, where it has them */
  readonly usdPerUnitHour?: Readonly<Partial<Record<ModelUnitTerm, Usd>>>;
  /** Whether the units serve a customised model. @defaultValue false */
  readonly custom?: boolean;
  /** How the same requests are paid for on demand. @defaultValue `"standard"` */
  readonly mode?: WorkloadMode;
}

/** The answer of {@link provisionedThroughputBreakEven}. */
export interface ProvisionedThroughputPlan extends PlanBasis<ProvisionedThroughputOptions> {
  /** The whole month on demand, with its cache reads and writes. */
  readonly onDemand: Money | undefined;
  /** One plan for each commitment whose price is known; empty without `unit`. */
  readonly commitments: readonly CommitmentPlan[];
  /** The reserved tier, where its price is known. */
  readonly reserved: ReservedPlan | undefined;
  /** The cheapest of all: on demand, a commitment with overflow, or the reserved tier with overflow. */
  readonly best: {
    readonly choice: string;
    readonly total: Money | undefined;
    readonly saved: Money | undefined;
  };
  /** The busiest hour or minute against the mean: 1 is perfectly steady. */
  readonly peakToMean: number;
}

const TERMS: readonly ModelUnitTerm[] = ['none', 'OneMonth', 'SixMonths'];
const MODES = ['standard', 'flex', 'priority', 'latencyOptimized', 'batch'];

const OPTIONS: OptionChecks<ProvisionedThroughputOptions> = {
  model: isText,
  region: isText,
  at: isIsoDate,
  hours: isArray,
  trace: isArray,
  unit: isObject,
  usdPerUnitHour: isObject,
  custom: isBoolean,
  mode: isOneOf(...MODES),
};
const UNIT: OptionChecks<ModelUnit> = {
  inputTokensPerMinute: isPositiveNumber,
  outputTokensPerMinute: isPositiveNumber,
  source: isText,
};
const RATES: OptionChecks<Partial<Record<ModelUnitTerm, Usd>>> = {
  none: isUsd,
  OneMonth: isUsd,
  SixMonths: isUsd,
};

/**
 * Provisioned throughput against on demand: for each commitment the utilisation at which they cost the same, and the
 * number of units that makes a reserved base with peaks on demand cheapest; the same load spread evenly, to show what
 * its peaks cost; how long requests would wait without overflow; and the reserved tier.
 *
 * @throws InvalidOptionError for a malformed option, naming it
 * @throws UnknownModelError for a model that the catalogue does not have
 *
 * @example
 * ```ts
 * import { provisionedThroughputBreakEven } from '@costkit/planner';
 *
 * const plan = provisionedThroughputBreakEven({
 *   model: 'meta.llama3-1-70b-instruct-v1:0',
 *   hours: Array.from({ length: 24 }, (_, hour) => ({ inputTokens: hour < 8 ? 1e6 : 60e6, outputTokens: 6e6 })),
 *   unit: { inputTokensPerMinute: 900_000, outputTokensPerMinute: 90_000, source: 'our load test' },
 * });
 * for (const { commitment, units, breakEvenUtilisation } of plan.commitments) {
 *   console.log(commitment, units, breakEvenUtilisation);
 * }
 * ```
 */
export function provisionedThroughputBreakEven(
  options: ProvisionedThroughputOptions,
): ProvisionedThroughputPlan {
  checkProvisioned(options);
  const { pricer, rates, ...plan } = planFor(options, 1);
  return {
    inputs: options,
    ...plan,
    assumptions: assumptionsOf(options, rates),
    sensitivity: sensitivityOf(
      [{ input: 'load', times: (factor) => factor }],
      (factor) => planFor(options, factor).best.total,
    ),
    missing: missingOf(options, pricer, rates),
    priceVersion: PRICE_VERSION,
  };
}

function checkProvisioned(options: ProvisionedThroughputOptions): void {
  check(options, OPTIONS);
  requireFields(options, ['model']);
  if (options.unit !== undefined) {
    check(options.unit, UNIT, 'unit.');
    requireFields(options.unit, ['inputTokensPerMinute', 'outputTokensPerMinute'], 'unit.');
  }
  if (options.usdPerUnitHour !== undefined) check(options.usdPerUnitHour, RATES, 'usdPerUnitHour.');
}

interface TermRate {
  readonly term: ModelUnitTerm;
  readonly rate: Money | undefined;
}

/** The plan when all load is multiplied. */
function planFor(options: ProvisionedThroughputOptions, loadFactor: number) {
  const { model: modelId, region, at, unit, mode = 'standard' } = options;
  const model = modelOf(modelId);
  const given = loadProfileOf(options.hours, options.trace);
  const profile = { ...given, buckets: given.buckets.map((bucket) => times(bucket, loadFactor)) };
  const total = totalLoad(profile.buckets);
  const prompts = total.input + total.cacheRead + total.cacheWrite;
  const promptTokens = total.requests === undefined || total.requests === 0 ? 0 : prompts / total.requests;
  const pricer = loadPricer(model, mode, promptTokens, {
    ...(region === undefined ? {} : { region }),
    ...(at === undefined ? {} : { at: new Date(at) }),
  });
  const monthFactor = (HOURS_PER_MONTH * 60) / (profile.minutes * profile.buckets.length);
  const cycle = pricer.costOf(total);
  const onDemand = cycle === undefined ? undefined : scaleMoney(cycle, monthFactor);
  const rates: TermRate[] = TERMS.map((term) => ({ term, rate: unitRateOf(options, term) }));
  const commitments: CommitmentPlan[] = [];
  for (const { term, rate } of rates) {
    if (unit === undefined || rate === undefined) continue;
    commitments.push(commitmentPlan({ profile, unit, pricer, term, rate, monthFactor, onDemand }));
  }
  const reserved = reservedPlan({ profile, model, pricer, onDemand, monthFactor });
  return {
    onDemand,
    commitments,
    reserved,
    best: bestOf(onDemand, commitments, reserved),
    peakToMean: peakToMeanOf(profile.buckets),
    pricer,
    rates,
  };
}

function times({ input, output, cacheRead, cacheWrite, requests }: LoadBucket, factor: number): LoadBucket {
  return {
    input: input * factor,
    output: output * factor,
    cacheRead: cacheRead * factor,
    cacheWrite: cacheWrite * factor,
    requests: requests === undefined ? undefined : requests * factor,
  };
}

/** The given price of a model unit, or else the catalogue's. */
function unitRateOf(options: ProvisionedThroughputOptions, term: ModelUnitTerm): Money | undefined {
  const given = options.usdPerUnitHour?.[term];
  if (given !== undefined) return moneyOf(given);
  const { model, custom = false, region } = options;
  return provisionedHourlyRate({
    model,
    commitment: term,
    custom,
    ...(region === undefined ? {} : { region }),
  });
}

function bestOf(
  onDemand: Money | undefined,
  commitments: readonly CommitmentPlan[],
  reserved: ReservedPlan | undefined,
): ProvisionedThroughputPlan['best'] {
  const choices: { choice: string; total: Money | undefined }[] = [
    { choice: 'on demand', total: onDemand },
    ...commitments.map(({ commitment, units, total }) => ({
      choice: `${units} model ${units === 1 ? 'unit' : 'units'}, ${commitment}`,
      total,
    })),
    ...(reserved?.options ?? []).map(({ commitment, total }) => ({
      choice: `reserved tier, ${commitment}`,
      total,
    })),
  ];
  const total = cheapest(choices.map((choice) => choice.total));
  const { choice } = choices.find((one) => one.total === total) ?? choices[0]!;
  return {
    choice,
    total,
    saved: total === undefined || onDemand === undefined ? undefined : onDemand.minus(total),
  };
}

function peakToMeanOf(buckets: readonly LoadBucket[]): number {
  const tokens = buckets.map(
    ({ input, output, cacheRead, cacheWrite }) => input + output + cacheRead + cacheWrite,
  );
  let [peak, sum] = [0, 0];
  for (const count of tokens) {
    peak = Math.max(peak, count);
    sum += count;
  }
  return sum === 0 ? 1 : peak / (sum / tokens.length);
}

function assumptionsOf(options: ProvisionedThroughputOptions, rates: readonly TermRate[]): Assumption[] {
  const { model, unit, usdPerUnitHour = {} } = options;
  const list: Assumption[] = priceAssumptions([model]);
  if (unit !== undefined) {
    const { inputTokensPerMinute, outputTokensPerMinute, source = 'input' } = unit;
    list.push(
      {
        what: 'throughput of a model unit',
        value: `${inputTokensPerMinute} input and ${outputTokensPerMinute} output tokens a minute`,
        source: `${source}; AWS does not publish it`,
        certainty: 'given',
      },
      {
        what: 'prompt tokens on a model unit',
        value: 'cached or not, each takes its part of the unit',
        source: 'no source says that units serve from a prompt cache',
        certainty: 'assumed',
      },
    );
  }
  for (const { term, rate } of rates) {
    if (rate === undefined) continue;
    const isGiven = usdPerUnitHour[term] !== undefined;
    list.push({
      what: `model-unit price, ${term}`,
      value: `${rate} per unit and hour`,
      source: isGiven
        ? 'input'
        : 'the catalogue: AWS pricing page read on 2026-07-24, or older where noted there',
      certainty: isGiven ? 'given' : 'documented',
    });
  }
  return list;
}

function missingOf(
  options: ProvisionedThroughputOptions,
  pricer: LoadPricer,
  rates: readonly TermRate[],
): string[] {
  const missing: string[] = [];
  if (pricer.inputRate === undefined || pricer.outputRate === undefined) {
    missing.push(`the on-demand price of ${options.model}`);
  }
  if (options.unit === undefined)
    missing.push('the throughput of a model unit (`unit`): ask AWS or measure it');
  if (rates.every(({ rate }) => rate === undefined)) {
    missing.push(`the model-unit price of ${options.model} (\`usdPerUnitHour\`): AWS quotes it on request`);
  }
  return missing;
}
