import { type CatalogueModel, GUARDRAIL_RATES } from '@costkit/pricing/catalogue';
import type { CallMode } from '../contract.js';
import { picoUsdOf } from './dollars.js';

type PriceRow = CatalogueModel['prices'][number];

/** Counts by kind, each token in exactly one. The names are those of the catalogue's rates. */
export interface BilledTokens {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly cacheWrite30m: number;
}

/** One count at one rate. */
export interface BilledAmount {
  /** Token kind, or the catalogue's name of a unit such as `image`. */
  readonly kind: string;
  readonly count: number;
  /** Pico-dollars each; `undefined` when the catalogue has no rate. */
  readonly picoUsdEach: bigint | undefined;
  readonly picoUsd: bigint | undefined;
}

/** What a request is priced by. */
export interface PricedRequest {
  readonly model: CatalogueModel;
  readonly scope: string;
  readonly region: string;
  readonly mode: CallMode;
  /** `provisioned` tokens are paid by the hour, `imported` ones by the time their copies run. */
  readonly billing: 'token' | 'provisioned' | 'imported';
  readonly tokens: BilledTokens;
  readonly units: Readonly<Record<string, number>>;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const TOKEN_KINDS = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'cacheWrite30m',
] as const;

/** Prices every count of a request. Counts of zero have no line. */
export function priceRequest(request: PricedRequest): BilledAmount[] {
  const row = request.billing === 'imported' ? undefined : priceRow(request);
  const prepaid = request.billing === 'provisioned' || request.mode.tier === 'reserved';
  const amounts: BilledAmount[] = [];
  for (const kind of TOKEN_KINDS) {
    const count = request.tokens[kind];
    if (count === 0) continue;
    const rate = prepaid ? 0 : row?.rates[kind];
    amounts.push(amount(kind, count, rate === undefined ? undefined : BigInt(rate)));
  }
  for (const [kind, count] of Object.entries(request.units)) {
    if (count === 0) continue;
    const guardrail = GUARDRAIL_RATES.get(kind);
    const rate = row?.units?.[kind];
    const each = guardrail ?? (rate === undefined ? undefined : picoUsdOf(rate));
    amounts.push(amount(kind, count, each === undefined ? undefined : BigInt(each)));
  }
  return amounts;
}

function amount(kind: string, count: number, picoUsdEach: bigint | undefined): BilledAmount {
  return {
    kind,
    count,
    picoUsdEach,
    picoUsd: picoUsdEach === undefined ? undefined : picoUsdEach * BigInt(count),
  };
}

/**
 * The row that holds for a request: of those for its scope and tier the highest long-context bracket its prompt
 * reaches, in it a row of its own Region before the general one, and of those the newest in force. None where the
 * source Region decides the price and is not among those whose price is known.
 */
export function priceRow(request: PricedRequest): PriceRow | undefined {
  const { model, scope, region, mode } = request;
  const byRegion = scope === 'inRegion' || scope.startsWith('geo:');
  if (byRegion && model.pricedRegions !== undefined && !model.pricedRegions.includes(region))
    return undefined;
  const tier = mode.batch ? 'batch' : mode.latencyOptimized ? 'latencyOptimized' : mode.tier;
  const promptTokens = TOKEN_KINDS.reduce(
    (sum, kind) => (kind === 'output' ? sum : sum + request.tokens[kind]),
    0,
  );
  const reached = model.prices.filter(
    (row) =>
      row.tier === tier &&
      row.scope === scope &&
      (row.region === undefined || row.region === region) &&
      reaches(promptTokens, row),
  );
  const bracket = Math.max(...reached.map(({ aboveTokens }) => aboveTokens ?? -1));
  const day = new Date(request.at).toISOString().slice(0, 10);
  return reached
    .filter((row) => (row.aboveTokens ?? -1) === bracket && (row.effectiveFrom ?? '') <= day)
    .sort(
      (one, other) =>
        Number(other.region !== undefined) - Number(one.region !== undefined) ||
        (other.effectiveFrom ?? '').localeCompare(one.effectiveFrom ?? ''),
    )[0];
}

function reaches(promptTokens: number, row: PriceRow): boolean {
  if (row.aboveTokens === undefined) return true;
  return row.inclusive === true ? promptTokens >= row.aboveTokens : promptTokens > row.aboveTokens;
}
