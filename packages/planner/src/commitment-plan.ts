import { Money } from '@costkit/pricing';
import type { CommitmentTerm } from '@costkit/pricing/capacity';
import { HOURS_PER_MONTH } from './cached-request-cost.js';
import type { LoadBucket, LoadProfile } from './hourly-load.js';
import type { LoadPricer } from './load-cost.js';
import type { BreakEven } from './plan.js';
import type { ModelUnit } from './provisioned-throughput.js';
import { scaleMoney } from './scale-money.js';
import {
  bestUnits,
  type Queue,
  queueBefore,
  servedShare,
  throttledShare,
  type UnitLoad,
} from './unit-optimum.js';

/** What a number of units costs in a month. */
export interface UnitsCost {
  readonly units: number;
  /** Units × hours × rate. */
  readonly capacity: Money;
  /** What the units cannot serve, on demand; `undefined` when its price is unknown. */
  readonly overflow: Money | undefined;
  readonly total: Money | undefined;
}

/** Provisioned throughput under one commitment. */
export interface CommitmentPlan extends UnitsCost {
  /** The API's `commitmentDuration`; `none` is without. */
  readonly commitment: CommitmentTerm;
  /** Months for which the units must be kept. */
  readonly minimumMonths: number;
  readonly usdPerUnitHour: Money;
  /** Share of a unit's time that must be busy for it to pay; `undefined`: even a full unit costs more than on demand. */
  readonly breakEvenUtilisation: number | undefined;
  readonly breakEven: BreakEven;
  /** Against everything on demand; negative when it costs more. */
  readonly saved: Money | undefined;
  /** Share of the bought capacity that the load uses. */
  readonly utilisation: number;
  /** Share of the load that the units serve. */
  readonly servedShare: number;
  /** Enough units for the busiest bucket: nothing overflows. */
  readonly all: UnitsCost;
  /** The same tokens at an even rate around the clock: the difference is what the peaks cost. */
  readonly steady: UnitsCost;
  /** How long requests wait for these units where nothing goes on demand instead. */
  readonly queue: Queue;
  /** Share of the load that these units refuse where nothing waits; random arrivals inside an hour are estimated. */
  readonly throttledShare: number;
  /** Whether `throttledShare` knows about arrivals inside the hour; without request counts it is a lower bound. */
  readonly throttledWithinHours: boolean;
  /** Total cost by number of units, for a chart. */
  readonly curve: readonly UnitsCost[];
}

/** What a commitment is planned from. */
export interface CommitmentQuestion {
  readonly profile: LoadProfile;
  readonly unit: ModelUnit;
  readonly pricer: LoadPricer;
  readonly term: CommitmentTerm;
  readonly rate: Money;
  readonly monthFactor: number;
  readonly onDemand: Money | undefined;
}

const MINIMUM_MONTHS: Readonly<Record<CommitmentTerm, number>> = {
  none: 0,
  OneMonth: 1,
  ThreeMonths: 3,
  SixMonths: 6,
};
const CURVE_POINTS = 40;

interface PricedLoad extends UnitLoad {
  readonly cost: Money | undefined;
}

/** Finds the best number of units, and what they mean. */
export function commitmentPlan(question: CommitmentQuestion): CommitmentPlan {
  const { profile, unit, pricer, term, rate, monthFactor, onDemand } = question;
  const loads = profile.buckets.map((bucket) => pricedLoad(bucket, profile.minutes, unit, pricer));
  const cycleHours = (profile.minutes * loads.length) / 60;
  const unitCost = Number(rate.picoUsd) * cycleHours;
  const costOf = (some: readonly PricedLoad[], factor: number) => (units: number) =>
    unitsCost(some, units, rate, factor);
  const cost = costOf(loads, monthFactor);
  const isPriced = loads.every((load) => load.cost !== undefined);
  const units = isPriced ? bestUnits(loads, unitCost) : peakOf(loads);
  const mean = meanLoad(loads);
  const even: PricedLoad[] = [{ ...mean, cost: scaleOrUndefined(onDemand, 1 / HOURS_PER_MONTH) }];
  const steadyUnits = isPriced ? bestUnits(even, Number(rate.picoUsd)) : Math.ceil(mean.units);
  const chosen = cost(units);
  const served = servedOf(loads, units);
  const fullUnitHour = mean.units === 0 ? 0 : mean.onDemand / mean.units / (profile.minutes / 60);
  const share = fullUnitHour === 0 ? Number.POSITIVE_INFINITY : Number(rate.picoUsd) / fullUnitHour;
  const breakEvenUtilisation = isPriced && share <= 1 ? share : undefined;
  return {
    ...chosen,
    commitment: term,
    minimumMonths: MINIMUM_MONTHS[term],
    usdPerUnitHour: rate,
    breakEvenUtilisation,
    breakEven: {
      quantity: 'utilisation of a unit',
      value: breakEvenUtilisation,
      cheaperBelow: 'on demand',
      ...(breakEvenUtilisation === undefined ? {} : { cheaperAbove: 'provisioned' }),
    },
    saved: chosen.total === undefined ? undefined : onDemand?.minus(chosen.total),
    utilisation: units === 0 ? 0 : (served * mean.units) / units,
    servedShare: served,
    all: cost(peakOf(loads)),
    steady: costOf(even, HOURS_PER_MONTH)(steadyUnits),
    queue: queueBefore(
      loads.map((load) => load.units),
      units,
      profile.minutes / 60,
    ),
    throttledShare: throttledOf(profile, loads, units),
    throttledWithinHours:
      profile.minutes === 1 || profile.buckets.every(({ requests }) => requests !== undefined),
    curve: curveOf(peakOf(loads), units).map(cost),
  };
}

function pricedLoad(bucket: LoadBucket, minutes: number, unit: ModelUnit, pricer: LoadPricer): PricedLoad {
  const input = bucket.input + bucket.cacheRead + bucket.cacheWrite;
  const cost = pricer.costOf(bucket);
  return {
    units: Math.max(input / unit.inputTokensPerMinute, bucket.output / unit.outputTokensPerMinute) / minutes,
    onDemand: Number(cost?.picoUsd ?? 0n),
    cost,
  };
}

function unitsCost(loads: readonly PricedLoad[], units: number, rate: Money, factor: number): UnitsCost {
  const capacity = rate.times(units * HOURS_PER_MONTH);
  let overflow: Money | undefined = Money.zero;
  for (const load of loads) {
    const left = 1 - servedShare(load.units, units);
    if (left === 0) continue;
    const cost = scaleOrUndefined(load.cost, left);
    overflow = cost === undefined ? undefined : overflow?.plus(cost);
  }
  overflow = scaleOrUndefined(overflow, factor);
  return { units, capacity, overflow, total: overflow?.plus(capacity) };
}

function scaleOrUndefined(amount: Money | undefined, factor: number): Money | undefined {
  return amount === undefined ? undefined : scaleMoney(amount, factor);
}

function meanLoad(loads: readonly UnitLoad[]): UnitLoad {
  let [units, onDemand] = [0, 0];
  for (const load of loads) {
    units += load.units / loads.length;
    onDemand += load.onDemand / loads.length;
  }
  return { units, onDemand };
}

function peakOf(loads: readonly UnitLoad[]): number {
  return Math.ceil(loads.reduce((peak, { units }) => Math.max(peak, units), 0));
}

function servedOf(loads: readonly UnitLoad[], units: number): number {
  let [served, all] = [0, 0];
  for (const load of loads) {
    served += Math.min(load.units, units);
    all += load.units;
  }
  return all === 0 ? 1 : served / all;
}

function throttledOf(profile: LoadProfile, loads: readonly UnitLoad[], units: number): number {
  let [refused, all] = [0, 0];
  for (const [index, load] of loads.entries()) {
    const { requests } = profile.buckets[index]!;
    const isKnown = profile.minutes > 1 && requests !== undefined;
    const share = isKnown
      ? throttledShare(load.units, units, requests / profile.minutes)
      : 1 - servedShare(load.units, units);
    refused += load.units * share;
    all += load.units;
  }
  return all === 0 ? 0 : refused / all;
}

/** Numbers of units from none to enough, the chosen one among them. */
function curveOf(peak: number, chosen: number): number[] {
  const step = Math.max(1, Math.ceil(peak / CURVE_POINTS));
  const points = new Set([chosen, peak]);
  for (let units = 0; units < peak; units += step) points.add(units);
  return [...points].sort((one, other) => one - other);
}
