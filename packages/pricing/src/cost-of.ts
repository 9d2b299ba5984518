import { PRICE_VERSION } from './catalogue.generated.js';
import { UnknownModelError } from './errors.js';
import { Money } from './money.js';
import { TOKEN_KINDS } from './packed.js';
import { resolveModel } from './resolve-model.js';
import { type SelectedPrice, selectPrice } from './select-rates.js';
import type { CostBreakdown, CostLine, PriceQuery, Rates, ResolvedModel, Tier, Usage } from './types.js';

const ADVICE =
  'Pass a foundation-model id, an inference profile or the ARN of one; for other ARNs use resolveModelAsync with a lookup';

/** @throws UnknownModelError when the text names no known model. */
export function resolvedModelOf(model: string | ResolvedModel): ResolvedModel {
  if (typeof model !== 'string') return model;
  const resolved = resolveModel(model);
  if (resolved === undefined) throw new UnknownModelError(model, `${ADVICE}.`);
  return resolved;
}

function priceOf(
  query: PriceQuery,
  resolved: ResolvedModel,
  promptTokens: number,
  tier: Tier,
): SelectedPrice | undefined {
  return selectPrice({
    resolved,
    region: query.region ?? resolved.region,
    tier,
    promptTokens,
    at: query.at?.getTime(),
  });
}

const picoUsdOfUnit = (usd: string): number => Number(Money.fromUsd(usd).picoUsd);

function amountOf(count: number, picoUsdPerUnit: number): bigint {
  const product = count * picoUsdPerUnit;
  return Number.isSafeInteger(product) ? BigInt(product) : BigInt(count) * BigInt(picoUsdPerUnit);
}

/**
 * What a usage costs, exactly, in integer pico-dollars. Refuses to guess: what has no published rate is named in
 * `missing`, and `complete` is `false`.
 *
 * @throws UnknownModelError when `query.model` is text that names no known model.
 * @throws RangeError when a count is negative, fractional or not finite.
 *
 * @example
 * ```ts
 * const cost = costOf(
 *   { input: 1_200, output: 300, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite30m: 0 },
 *   { model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' },
 * );
 * String(cost.total); // "$0.002970"
 * ```
 */
export function costOf(usage: Usage, query: PriceQuery): CostBreakdown {
  const resolved = resolvedModelOf(query.model);
  const tier: Tier = query.batch === true ? 'batch' : (query.tier ?? 'standard');
  const promptTokens =
    usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h + usage.cacheWrite30m;
  const price = priceOf(query, resolved, promptTokens, tier);
  const lines: CostLine[] = [];
  const missing: string[] = [];
  let picoUsd = 0n;
  for (const kind of TOKEN_KINDS) {
    const count = usage[kind];
    if (count === 0) continue;
    if (!(count > 0 && Number.isSafeInteger(count))) {
      throw new RangeError(
        `costkit pricing: ${count} is no count of ${kind} tokens. Give a whole number from 0 upwards.`,
      );
    }
    const rate = price?.rates[kind];
    if (rate === undefined) {
      missing.push(kind);
      continue;
    }
    const amount = amountOf(count, rate);
    picoUsd += amount;
    lines.push({ kind, count, picoUsdPerUnit: rate, amount: Money.fromPicoUsd(amount) });
  }
  for (const [unit, count] of Object.entries(usage.units ?? {})) {
    if (count === 0) continue;
    const usd = price?.units[unit];
    if (usd === undefined) {
      missing.push(unit);
      continue;
    }
    const picoUsdPerUnit = picoUsdOfUnit(usd);
    const amount = Money.fromPicoUsd(amountOf(count, picoUsdPerUnit));
    picoUsd += amount.picoUsd;
    lines.push({ kind: unit, count, picoUsdPerUnit, amount });
  }
  return {
    total: Money.fromPicoUsd(picoUsd),
    lines,
    complete: missing.length === 0,
    missing,
    scope: resolved.scope,
    tier,
    priceVersion: PRICE_VERSION,
  };
}

/**
 * The rates a call would pay, for planning: what a router or a cache planner compares before a call is made.
 *
 * @param promptTokens - Input, cache reads and cache writes together: what long-context brackets count.
 * @returns `undefined` when no rate is known.
 */
export function ratesFor(query: PriceQuery, promptTokens = 0): Rates | undefined {
  const resolved = resolvedModelOf(query.model);
  return priceOf(query, resolved, promptTokens, query.batch === true ? 'batch' : (query.tier ?? 'standard'))
    ?.rates;
}
