import { PRICE_VERSION } from './catalogue.generated.js';
import { InvalidOptionError, UnknownModelError } from './errors.js';
import { GUARDRAIL_RATES } from './guardrail-rates.js';
import { Money } from './money.js';
import { TOKEN_KINDS } from './packed-letters.js';
import { overriddenPrice, publishedModel } from './price-overrides.js';
import { resolveModel } from './resolve-model.js';
import { type SelectedPrice, selectPrice } from './select-price.js';
import type {
  CostBreakdown,
  CostLine,
  PriceQuery,
  Rates,
  ResolvedModel,
  Scope,
  Tier,
  Usage,
} from './types.js';

const QUERY_FIELDS = new Set(['model', 'region', 'tier', 'batch', 'at', 'overrides']);
const USAGE_FIELDS = new Set<string>([...TOKEN_KINDS, 'units']);
const TIERS = new Set<string>(['standard', 'flex', 'priority', 'reserved', 'latencyOptimized']);

const NO_RATES: Rates = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheWrite30m: 0,
};

const UNKNOWN_RATES: Rates = {};

/** Why a call costs nothing by itself, by what pays for it. */
const CAPACITY_NOTES: Readonly<Record<string, string>> = {
  provisioned: 'Provisioned throughput is paid by the hour; this call costs nothing more.',
  imported: 'Imported models are paid by five-minute windows; this call costs nothing more.',
  reserved: 'Reserved capacity is paid by the month; this call costs nothing more.',
};

const ROUTER_NOTE = 'Priced as the routed model; no price source has a fee for routers.';

function resolvedModelOf(model: string): ResolvedModel {
  const resolved = resolveModel(model);
  if (resolved === undefined) {
    throw new UnknownModelError(
      model,
      'Pass a foundation-model id, an inference profile or the ARN of one; for other ARNs use resolveModelAsync with a lookup.',
    );
  }
  return resolved;
}

/** A mistyped option would silently price another call: it is refused. */
function checkQuery(query: PriceQuery): void {
  for (const field in query) {
    if (!QUERY_FIELDS.has(field)) throw new InvalidOptionError('pricing', field, 'is unknown');
  }
  if (query.at !== undefined && !(query.at instanceof Date && !Number.isNaN(query.at.getTime()))) {
    throw new InvalidOptionError('pricing', 'at', 'is no valid Date');
  }
  if (query.tier !== undefined && !TIERS.has(query.tier)) {
    throw new InvalidOptionError(
      'pricing',
      'tier',
      `("${query.tier}") is none of ${[...TIERS].join(', ')}; batch is its own option`,
    );
  }
}

function checkUsage(usage: Usage): void {
  for (const field in usage) {
    if (!USAGE_FIELDS.has(field)) throw new InvalidOptionError('pricing', `usage.${field}`, 'is unknown');
  }
}

/** What pays for the call if not its tokens. */
function capacityOf(resolved: ResolvedModel, tier: Tier): string | undefined {
  if (resolved.billing === 'provisioned' || resolved.billing === 'imported') return resolved.billing;
  return tier === 'reserved' && resolved.model.capabilities.tiers.includes('reserved')
    ? 'reserved'
    : undefined;
}

function scopeOf(resolved: ResolvedModel, region: string | undefined): Scope {
  return resolved.scope === 'inRegion' && region?.startsWith('us-gov-') === true
    ? 'govcloud'
    : resolved.scope;
}

function priceOf(
  query: PriceQuery,
  resolved: ResolvedModel,
  tier: Tier,
  promptTokens: number,
): SelectedPrice {
  const region = query.region ?? resolved.region;
  const scope = scopeOf(resolved, region);
  const { overrides } = query;
  const model = overrides === undefined ? resolved.model : publishedModel(resolved.model, overrides);
  const price = selectPrice(model, scope, region, tier, promptTokens, query.at?.getTime());
  return overrides === undefined ? price : overriddenPrice(price, overrides);
}

function checkCount(kind: string, count: unknown): void {
  if (!(Number.isSafeInteger(count) && (count as number) > 0)) {
    throw new RangeError(`costkit pricing: ${String(count)} is no count of ${kind}. Give a whole number.`);
  }
}

/**
 * What a usage costs, exactly, in whole pico-dollars. Refuses to guess: a kind of token or unit without a known rate
 * is named in `missing`, and `complete` is `false`; no other tier, Region or multiple stands in for it.
 *
 * A long-context bracket reprices the whole call once input, cache reads and cache writes together pass its
 * threshold. Rates hold for the day of `at`. A scaled rate (`overrides`) is rounded once, to the nearest whole
 * pico-dollar per token, so costs stay additive.
 *
 * It is an estimate of the bill: private pricing (unless given in `overrides`), free tiers, credits and taxes are
 * invisible to it.
 *
 * @throws UnknownModelError when `query.model` is text that names no known model.
 * @throws InvalidOptionError when the query, an override or the usage has an unknown or malformed field.
 * @throws RangeError when a count is negative, fractional or not finite.
 *
 * @example
 * ```ts
 * const cost = costOf(
 *   { input: 1_200, output: 300, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite30m: 0 },
 *   { model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' },
 * );
 * String(cost.total); // "$0.002970"
 * cost.complete;      // true
 * ```
 */
export function costOf(usage: Usage, query: PriceQuery): CostBreakdown {
  checkQuery(query);
  checkUsage(usage);
  const resolved = typeof query.model === 'string' ? resolvedModelOf(query.model) : query.model;
  const tier: Tier = query.batch === true ? 'batch' : (query.tier ?? 'standard');
  const capacity = capacityOf(resolved, tier);
  const promptTokens =
    usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h + usage.cacheWrite30m;
  const price = priceOf(query, resolved, tier, promptTokens);
  const rates =
    capacity !== undefined ? NO_RATES : resolved.billing === 'unknown' ? UNKNOWN_RATES : price.rates;
  const lines: CostLine[] = [];
  const missing: string[] = [];
  for (const kind of TOKEN_KINDS) {
    const count = usage[kind];
    if (count === 0) continue;
    checkCount(kind, count);
    const rate = rates[kind];
    if (rate === undefined) missing.push(kind);
    else lines.push({ kind, count, picoUsdPerUnit: rate, amount: Money.ofCount(count, rate) });
  }
  if (usage.units !== undefined) {
    const units = rates === price.rates ? price.units : undefined;
    for (const [unit, count] of Object.entries(usage.units)) {
      if (count === 0) continue;
      checkCount(unit, count);
      const rate =
        GUARDRAIL_RATES.get(unit) ??
        (capacity !== undefined
          ? 0
          : units !== undefined && Object.hasOwn(units, unit)
            ? units[unit]
            : undefined);
      if (rate === undefined) missing.push(unit);
      else lines.push({ kind: unit, count, picoUsdPerUnit: rate, amount: Money.ofCount(count, rate) });
    }
  }
  let picoUsd = 0n;
  for (const line of lines) picoUsd += line.amount.picoUsd;
  const breakdown: { -readonly [Field in keyof CostBreakdown]: CostBreakdown[Field] } = {
    total: Money.fromPicoUsd(picoUsd),
    lines,
    complete: missing.length === 0,
    missing,
    scope: price.scope,
    tier,
    priceVersion: PRICE_VERSION,
  };
  if (price.certainty !== undefined && rates === price.rates) breakdown.certainty = price.certainty;
  if ((query.at === undefined ? Date.now() : query.at.getTime()) >= price.staleFrom) breakdown.stale = true;
  const notes = notesOf(resolved, capacity);
  if (notes !== undefined) breakdown.notes = notes;
  return breakdown;
}

function notesOf(resolved: ResolvedModel, capacity: string | undefined): readonly string[] | undefined {
  const note = capacity === undefined ? undefined : CAPACITY_NOTES[capacity];
  if (resolved.reference === 'prompt-router') return note === undefined ? [ROUTER_NOTE] : [note, ROUTER_NOTE];
  return note === undefined ? undefined : [note];
}

/**
 * The rates a call would pay, for planning: what a router or a cache planner compares before the call is made.
 *
 * @param promptTokens - Input, cache reads and cache writes together: what long-context brackets count.
 * @returns `undefined` when no rate is known; a kind that is absent is unknown.
 * @throws UnknownModelError when `query.model` is text that names no known model.
 */
export function ratesFor(query: PriceQuery, promptTokens = 0): Rates | undefined {
  checkQuery(query);
  const resolved = typeof query.model === 'string' ? resolvedModelOf(query.model) : query.model;
  const tier: Tier = query.batch === true ? 'batch' : (query.tier ?? 'standard');
  if (capacityOf(resolved, tier) !== undefined) return NO_RATES;
  const price = priceOf(query, resolved, tier, promptTokens);
  if (resolved.billing === 'unknown') return undefined;
  for (const kind of TOKEN_KINDS) if (price.rates[kind] !== undefined) return price.rates;
  return undefined;
}
