import { isArray, isObject, isPositiveInteger, isText, type OptionChecks } from '@costkit/core';
import { type Money, PRICE_VERSION } from '@costkit/pricing';
import { importedModelCostOf } from '@costkit/pricing/capacity';
import { HOURS_PER_MONTH } from './cached-request-cost.js';
import { check, isPositiveNumber, isUsd, modelOf, moneyOf, requireFields } from './checks.js';
import {
  type HourlyLoad,
  type LoadBucket,
  type LoadProfile,
  loadProfileOf,
  type TraceRequest,
  totalLoad,
} from './hourly-load.js';
import { loadPricer } from './load-cost.js';
import type { Assumption, PlanBasis, Usd } from './plan.js';
import { scaleMoney } from './scale-money.js';
import { sensitivityOf } from './sensitivity.js';
import { TRAINING_SOURCE, USD_PER_MODEL_MONTH } from './training-prices.js';

/** What one model unit, or one copy of an imported model, can do; measure it. */
export interface CopyThroughput {
  /** Input tokens that it takes in a minute. */
  readonly inputTokensPerMinute: number;
  /** Output tokens that it makes in a minute. */
  readonly outputTokensPerMinute: number;
}

/** Model units that serve a custom model. */
export interface ProvisionedHosting {
  /** What one unit can do. */
  readonly unit: CopyThroughput;
  /** Dollars per unit and hour. */
  readonly usdPerUnitHour: Usd;
}

/** A custom-model deployment, paid by token. */
export interface DeploymentHosting {
  /** Model whose token rates the deployment pays. */
  readonly ratesOf: string;
}

/** Custom Model Import: copies that come and go with the load. */
export interface ImportHosting {
  /** What one copy can do. */
  readonly copy: CopyThroughput;
  /** `customModelUnits.customModelUnitsPerModelCopy` of GetImportedModel. */
  readonly customModelUnitsPerCopy: number;
  /** `customModelUnits.customModelUnitsVersion` of GetImportedModel. @defaultValue `"1.0"` */
  readonly customModelUnitsVersion?: string;
  /** Dollars per unit and minute, as decimal text. @defaultValue both published rates, as bounds */
  readonly usdPerUnitMinute?: string;
}

/** What {@link customModelHosting} is asked. Give each way that is open to you. */
export interface CustomModelHostingOptions {
  /** Load hour by hour over a cycle that repeats. Give this or `trace`. */
  readonly hours?: readonly HourlyLoad[];
  /** Single requests over a span that repeats. Give this or `hours`. */
  readonly trace?: readonly TraceRequest[];
  /** Model units. @defaultValue not considered */
  readonly provisioned?: ProvisionedHosting;
  /** A deployment paid by token. @defaultValue not considered */
  readonly deployment?: DeploymentHosting;
  /** Custom Model Import. @defaultValue not considered */
  readonly imported?: ImportHosting;
}

/** One way to host a custom model. */
export interface HostingCost {
  readonly way: 'provisioned' | 'deployment' | 'imported';
  /** Dollars a month, storage included; bounds where the rate is known only so. */
  readonly low: Money | undefined;
  readonly high: Money | undefined;
}

/** The answer of {@link customModelHosting}. */
export interface CustomModelHosting extends PlanBasis<CustomModelHostingOptions> {
  readonly ways: readonly HostingCost[];
  /** The cheapest by its upper bound. */
  readonly cheapest: HostingCost['way'] | undefined;
}

/** An imported model is billed in windows of so many minutes. */
const WINDOW_MINUTES = 5;

const OPTIONS: OptionChecks<CustomModelHostingOptions> = {
  hours: isArray,
  trace: isArray,
  provisioned: isObject,
  deployment: isObject,
  imported: isObject,
};
const COPY: OptionChecks<CopyThroughput> = {
  inputTokensPerMinute: isPositiveNumber,
  outputTokensPerMinute: isPositiveNumber,
};
const PROVISIONED: OptionChecks<ProvisionedHosting> = { unit: isObject, usdPerUnitHour: isUsd };
const DEPLOYMENT: OptionChecks<DeploymentHosting> = { ratesOf: isText };
const IMPORTED: OptionChecks<ImportHosting> = {
  copy: isObject,
  customModelUnitsPerCopy: isPositiveInteger,
  customModelUnitsVersion: isText,
  usdPerUnitMinute: (value) => (typeof value === 'string' ? isUsd(value) : 'must be decimal text'),
};

/**
 * A custom model hosted in three ways under the same load: model units by the hour, a deployment by the token, or
 * imported copies by windows of five minutes.
 *
 * @throws InvalidOptionError for a malformed option, naming it
 * @throws UnknownModelError for a model that the catalogue does not have
 *
 * @example
 * ```ts
 * import { customModelHosting } from '@costkit/planner';
 *
 * const { cheapest } = customModelHosting({
 *   hours: [{ inputTokens: 2_000_000, outputTokens: 200_000 }],
 *   deployment: { ratesOf: 'amazon.nova-lite-v1:0' },
 *   imported: {
 *     copy: { inputTokensPerMinute: 100_000, outputTokensPerMinute: 10_000 },
 *     customModelUnitsPerCopy: 1,
 *   },
 * });
 * cheapest; // "deployment"
 * ```
 */
export function customModelHosting(options: CustomModelHostingOptions): CustomModelHosting {
  checkHosting(options);
  const ways = waysOf(options, 1);
  return {
    inputs: options,
    ways,
    cheapest: bestOf(ways)?.way,
    assumptions: ASSUMPTIONS,
    sensitivity: sensitivityOf(
      [{ input: 'load', times: (factor) => factor }],
      (factor) => bestOf(waysOf(options, factor))?.high,
    ),
    missing: ways.flatMap(({ way, high }) => (high === undefined ? [`the price of ${way}`] : [])),
    priceVersion: PRICE_VERSION,
  };
}

const ASSUMPTIONS: readonly Assumption[] = [
  {
    what: 'storage',
    value: `$${USD_PER_MODEL_MONTH} a month for a model, or for a unit of an imported copy`,
    source: TRAINING_SOURCE,
    certainty: 'documented',
  },
  {
    what: 'copies of an imported model',
    value: 'as many as the load of the moment needs, for the whole hour or window',
    source: 'billed in windows of five minutes from the first call (AWS user guide)',
    certainty: 'assumed',
  },
  {
    what: 'model units',
    value: 'enough for the busiest moment: a custom model has no on-demand twin to overflow to',
    source: 'by definition',
    certainty: 'assumed',
  },
];

function checkHosting(options: CustomModelHostingOptions): void {
  check(options, OPTIONS);
  const { provisioned, deployment, imported } = options;
  if (provisioned !== undefined) {
    check(provisioned, PROVISIONED, 'provisioned.');
    requireFields(provisioned, ['unit', 'usdPerUnitHour'], 'provisioned.');
    checkCopy(provisioned.unit, 'provisioned.unit.');
  }
  if (deployment !== undefined) {
    check(deployment, DEPLOYMENT, 'deployment.');
    requireFields(deployment, ['ratesOf'], 'deployment.');
    modelOf(deployment.ratesOf);
  }
  if (imported !== undefined) {
    check(imported, IMPORTED, 'imported.');
    requireFields(imported, ['copy', 'customModelUnitsPerCopy'], 'imported.');
    checkCopy(imported.copy, 'imported.copy.');
  }
}

function checkCopy(copy: CopyThroughput, path: string): void {
  check(copy, COPY, path);
  requireFields(copy, ['inputTokensPerMinute', 'outputTokensPerMinute'], path);
}

function waysOf(
  { hours, trace, provisioned, deployment, imported }: CustomModelHostingOptions,
  factor: number,
): HostingCost[] {
  const profile = loadProfileOf(hours, trace);
  const monthFactor = (HOURS_PER_MONTH * 60) / (profile.minutes * profile.buckets.length);
  const storage = moneyOf(USD_PER_MODEL_MONTH);
  const ways: HostingCost[] = [];
  if (provisioned !== undefined) {
    const units = copiesOf(profile, provisioned.unit, factor).reduce(
      (most, count) => Math.max(most, count),
      0,
    );
    const total = moneyOf(provisioned.usdPerUnitHour)
      .times(units * HOURS_PER_MONTH)
      .plus(storage);
    ways.push({ way: 'provisioned', low: total, high: total });
  }
  if (deployment !== undefined) {
    const cycle = loadPricer(modelOf(deployment.ratesOf), 'standard', 0, {}).costOf(
      totalLoad(profile.buckets),
    );
    const total = cycle === undefined ? undefined : scaleMoney(cycle, monthFactor * factor).plus(storage);
    ways.push({ way: 'deployment', low: total, high: total });
  }
  if (imported !== undefined) ways.push(importedCost(profile, imported, factor, monthFactor));
  return ways;
}

function importedCost(
  profile: LoadProfile,
  imported: ImportHosting,
  factor: number,
  monthFactor: number,
): HostingCost {
  const { copy, customModelUnitsPerCopy, customModelUnitsVersion, usdPerUnitMinute } = imported;
  const windows = profile.minutes === 1 ? inWindows(profile) : profile;
  const copies = copiesOf(windows, copy, factor);
  const copyWindows = copies.reduce((sum, count) => sum + count, 0) * (windows.minutes / WINDOW_MINUTES);
  // One copy for all those windows costs what the copies cost together.
  const cost = importedModelCostOf({
    copies: 1,
    customModelUnitsPerCopy,
    activeMinutes: copyWindows * WINDOW_MINUTES,
    ...(customModelUnitsVersion === undefined ? {} : { customModelUnitsVersion }),
    ...(usdPerUnitMinute === undefined ? {} : { usdPerUnitMinute }),
  });
  const storage = moneyOf(USD_PER_MODEL_MONTH).times(customModelUnitsPerCopy);
  const monthOf = (amount: Money | undefined): Money | undefined =>
    amount === undefined ? undefined : scaleMoney(amount, monthFactor).plus(storage);
  return { way: 'imported', low: monthOf(cost?.low), high: monthOf(cost?.high) };
}

function copiesOf({ buckets, minutes }: LoadProfile, copy: CopyThroughput, factor: number): number[] {
  return buckets.map(({ input, output, cacheRead, cacheWrite }) => {
    const prompt = (input + cacheRead + cacheWrite) * factor;
    return Math.ceil(
      Math.max(prompt / copy.inputTokensPerMinute, (output * factor) / copy.outputTokensPerMinute) / minutes,
    );
  });
}

function inWindows({ buckets }: LoadProfile): LoadProfile {
  const windows: LoadBucket[] = [];
  for (let start = 0; start < buckets.length; start += WINDOW_MINUTES) {
    windows.push(totalLoad(buckets.slice(start, start + WINDOW_MINUTES)));
  }
  return { buckets: windows, minutes: WINDOW_MINUTES };
}

function bestOf(ways: readonly HostingCost[]): HostingCost | undefined {
  let best: HostingCost | undefined;
  for (const way of ways) {
    if (way.high !== undefined && (best?.high === undefined || way.high.compare(best.high) < 0)) best = way;
  }
  return best;
}
