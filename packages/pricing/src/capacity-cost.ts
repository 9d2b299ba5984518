import { CAPACITY } from './capacity.generated.js';
import { Money } from './money.js';
import { resolveModel } from './resolve-model.js';
import type { Certainty, ResolvedModel } from './types.js';

/**
 * Price of capacity that is paid by the hour, used or not: a model unit of provisioned throughput, or 1,000 tokens
 * per minute of the reserved tier.
 */
export interface CapacityRate {
  readonly kind: 'modelUnit' | 'customModelUnit' | 'reservedInput1kTpm' | 'reservedOutput1kTpm';
  /** Dollars (as decimal text) per unit and hour, by length of the commitment; an absent one is not offered or not known. */
  readonly usdPerHour: Readonly<Partial<Record<CommitmentTerm, string>>>;
  /** Set when the price was read for one Region only. */
  readonly region?: string;
  /** Reserved capacity is sold per scope: `geo` covers every geographic profile and the Region itself. */
  readonly scope?: 'geo' | 'global';
  readonly source: string;
  readonly certainty: Certainty;
}

/** How long capacity is bought for. `OneMonth` and `SixMonths` are the API's `commitmentDuration`. */
export type CommitmentTerm = 'none' | 'OneMonth' | 'ThreeMonths' | 'SixMonths';

/** Where nobody says which Region is meant. */
const BASE_REGION = 'us-east-1';

/** Which provisioned throughput. */
export interface ProvisionedQuery {
  readonly model: string | ResolvedModel;
  /** The API's `commitmentDuration`; `none` is without commitment. @defaultValue `"none"` */
  readonly commitment?: CommitmentTerm;
  /** Whether the units serve a customised model. @defaultValue `false` */
  readonly custom?: boolean;
  /** Region of the units: some prices are listed for one alone. @defaultValue the ARN's, else `"us-east-1"` */
  readonly region?: string;
}

/**
 * Dollars per model unit and hour of provisioned throughput. AWS quotes most models, all of today's Nova and Claude
 * among them, on request only.
 *
 * @returns `undefined` when no source lists the price.
 */
export function provisionedHourlyRate({
  model,
  commitment = 'none',
  custom = false,
  region,
}: ProvisionedQuery): Money | undefined {
  return hourlyRate(model, custom ? 'customModelUnit' : 'modelUnit', commitment, undefined, region);
}

/**
 * The ledger line of provisioned throughput: model units × hours × rate, whether anything was called or not.
 *
 * @param query.modelUnits - `modelUnits` of GetProvisionedModelThroughput.
 * @param query.hours - Whole hours; Bedrock bills every hour that began.
 * @returns `undefined` when no source lists the price.
 */
export function provisionedCostOf(
  query: ProvisionedQuery & { readonly modelUnits: number; readonly hours: number },
): Money | undefined {
  for (const name of ['modelUnits', 'hours'] as const) {
    if (!Number.isSafeInteger(query[name]) || query[name] < 0) {
      throw new RangeError(`costkit pricing: ${name} is ${query[name]}. Give a whole number from 0 upwards.`);
    }
  }
  return provisionedHourlyRate(query)?.times(query.modelUnits * query.hours);
}

/** Which reserved capacity. */
export interface ReservedQuery {
  readonly model: string | ResolvedModel;
  readonly commitment: 'OneMonth' | 'ThreeMonths';
  /** Thousands of input tokens per minute reserved; Bedrock sells at least 100. */
  readonly inputKtpm: number;
  /** Thousands of output tokens per minute reserved; Bedrock sells at least 10. */
  readonly outputKtpm: number;
}

/**
 * Dollars per hour of the reserved tier for a model as it is named: `global.` profiles pay the global price, every
 * other scope the geographic one.
 *
 * @returns `undefined` when no source lists the price.
 */
export function reservedHourlyRate({
  model,
  commitment,
  inputKtpm,
  outputKtpm,
}: ReservedQuery): Money | undefined {
  const resolved = typeof model === 'string' ? resolveModel(model) : model;
  const scope = resolved?.scope === 'global' ? 'global' : 'geo';
  const input = hourlyRate(model, 'reservedInput1kTpm', commitment, scope);
  const output = hourlyRate(model, 'reservedOutput1kTpm', commitment, scope);
  return input === undefined || output === undefined
    ? undefined
    : input.times(inputKtpm).plus(output.times(outputKtpm));
}

function hourlyRate(
  model: string | ResolvedModel,
  kind: CapacityRate['kind'],
  commitment: CommitmentTerm,
  scope: CapacityRate['scope'],
  region?: string,
): Money | undefined {
  const resolved = typeof model === 'string' ? resolveModel(model) : model;
  const rate = CAPACITY.get(resolved?.model.id ?? '')?.find(
    (row) =>
      row.kind === kind &&
      row.scope === scope &&
      (row.region === undefined || row.region === (region ?? resolved?.region ?? BASE_REGION)),
  );
  const usd = rate?.usdPerHour[commitment];
  return usd === undefined ? undefined : Money.fromUsd(usd);
}
