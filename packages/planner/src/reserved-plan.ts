import { Money, type ResolvedModel } from '@costkit/pricing';
import { type ReservedQuery, reservedHourlyRate } from '@costkit/pricing/capacity';
import { HOURS_PER_MONTH } from './cached-request-cost.js';
import type { LoadBucket, LoadProfile } from './hourly-load.js';
import type { LoadPricer } from './load-cost.js';
import { scaleMoney } from './scale-money.js';

/** The smallest reservation that AWS sells (user guide, service tiers, read in 2026-09 to 2026-11). */
const LEAST_INPUT_KTPM = 100;
const LEAST_OUTPUT_KTPM = 10;

/** Reserved capacity under one commitment; what exceeds it is served by the standard tier. */
export interface ReservedOption {
  readonly commitment: ReservedQuery['commitment'];
  /** Thousands of input tokens per minute. */
  readonly inputKtpm: number;
  /** Thousands of output tokens per minute. */
  readonly outputKtpm: number;
  /** What the reservation costs in a month. */
  readonly capacity: Money;
  /** What stays on demand; cache reads and writes always do. */
  readonly overflow: Money;
  readonly total: Money;
  /** Against everything on demand; negative when it costs more. */
  readonly saved: Money;
  /** Share of the time that a thousand input tokens per minute must be busy to pay; above 1 they never do. */
  readonly breakEvenInput: number;
  /** The same for output tokens. */
  readonly breakEvenOutput: number;
}

/** The reserved tier beside on demand. */
export interface ReservedPlan {
  readonly options: readonly ReservedOption[];
}

/** What a reservation is planned from. */
export interface ReservedQuestion {
  readonly profile: LoadProfile;
  readonly model: ResolvedModel;
  readonly pricer: LoadPricer;
  readonly onDemand: Money | undefined;
  readonly monthFactor: number;
}

/**
 * The best reservation: input and output are bought apart, so for each the reservation grows until its last thousand
 * tokens per minute is busy for a smaller share of the time than pays for it. `undefined` where no price is known.
 */
export function reservedPlan(question: ReservedQuestion): ReservedPlan | undefined {
  const options = (['OneMonth', 'ThreeMonths'] as const)
    .map((commitment) => reservedOption(commitment, question))
    .filter((option) => option !== undefined);
  return options.length === 0 ? undefined : { options };
}

function reservedOption(
  commitment: ReservedQuery['commitment'],
  question: ReservedQuestion,
): ReservedOption | undefined {
  const { profile, model, pricer, onDemand, monthFactor } = question;
  const { inputRate, outputRate } = pricer;
  const rateOf = (inputKtpm: number, outputKtpm: number): Money | undefined =>
    reservedHourlyRate({ model, commitment, inputKtpm, outputKtpm });
  const [inputPrice, outputPrice] = [rateOf(1, 0), rateOf(0, 1)];
  if (inputPrice === undefined || outputPrice === undefined || onDemand === undefined) return undefined;
  if (inputRate === undefined || outputRate === undefined) return undefined;
  const breakEvenInput = Number(inputPrice.picoUsd) / (60_000 * inputRate);
  const breakEvenOutput = Number(outputPrice.picoUsd) / (60_000 * outputRate);
  const inputKtpm = bestReservation(profile, 'input', breakEvenInput, LEAST_INPUT_KTPM);
  const outputKtpm = bestReservation(profile, 'output', breakEvenOutput, LEAST_OUTPUT_KTPM);
  const capacity = rateOf(inputKtpm, outputKtpm)!.times(HOURS_PER_MONTH);
  const covered = coveredCost(profile, 'input', inputKtpm, inputRate).plus(
    coveredCost(profile, 'output', outputKtpm, outputRate),
  );
  const overflow = onDemand.minus(scaleMoney(covered, monthFactor));
  const total = capacity.plus(overflow);
  return {
    commitment,
    inputKtpm,
    outputKtpm,
    capacity,
    overflow,
    total,
    saved: onDemand.minus(total),
    breakEvenInput,
    breakEvenOutput,
  };
}

const perMinute = (bucket: LoadBucket, kind: 'input' | 'output', minutes: number): number =>
  bucket[kind] / minutes / 1_000;

/** A thousand tokens per minute more pays while the load exceeds it for more than the break-even share of the time. */
function bestReservation(
  { buckets, minutes }: LoadProfile,
  kind: 'input' | 'output',
  breakEven: number,
  least: number,
): number {
  const loads = buckets.map((bucket) => perMinute(bucket, kind, minutes));
  const highest = Math.ceil(loads.reduce((peak, load) => Math.max(peak, load), 0));
  const busyShare = (ktpm: number): number => {
    let busy = 0;
    for (const load of loads) busy += Math.min(1, Math.max(0, load - (ktpm - 1)));
    return busy / loads.length;
  };
  let [low, high] = [0, highest];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (busyShare(middle) > breakEven) low = middle;
    else high = middle - 1;
  }
  return Math.max(least, low);
}

/** What the reservation takes off the on-demand bill of one cycle. */
function coveredCost(
  { buckets, minutes }: LoadProfile,
  kind: 'input' | 'output',
  ktpm: number,
  rate: number,
): Money {
  let tokens = 0;
  for (const bucket of buckets) tokens += Math.min(bucket[kind], ktpm * 1_000 * minutes);
  return Money.ofCount(Math.round(tokens), rate);
}
