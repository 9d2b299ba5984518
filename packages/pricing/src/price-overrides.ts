import { InvalidOptionError } from './errors.js';
import { MODEL_INDEXES } from './models.js';
import { Money } from './money.js';
import { TOKEN_KINDS } from './packed-letters.js';
import type { SelectedPrice } from './select-price.js';
import type { CatalogueModel, PriceOverride, Rates, TokenKind } from './types.js';

/** An override that has been checked, with its numbers read. */
interface CompiledOverride {
  readonly applies: (price: SelectedPrice) => boolean;
  /** `multiplier` as a fraction of whole numbers. */
  readonly numerator: bigint;
  readonly denominator: bigint;
  readonly rates: Rates;
}

const FIELDS = new Set(['model', 'scope', 'tier', 'multiplier', 'usdPerMillion', 'published']);
const TIERS = new Set(['standard', 'flex', 'priority', 'reserved', 'latencyOptimized', 'batch']);
const isDecimal = (text: unknown): boolean => typeof text === 'string' && /^\d+(\.\d{1,6})?$/.test(text);

function compile(override: PriceOverride, path: string): CompiledOverride {
  const reject = (option: string, problem: string): never => {
    throw new InvalidOptionError('pricing', `${path}.${option}`, problem);
  };
  for (const field of Object.keys(override)) if (!FIELDS.has(field)) reject(field, 'is unknown');
  const { model, scope, tier, multiplier, usdPerMillion = {}, published } = override;
  if (typeof model !== 'string') return reject('model', 'is not text');
  const isPrefix = model.endsWith('*');
  const prefix = isPrefix ? model.slice(0, -1) : model;
  const matches = (id: string): boolean => (isPrefix ? id.startsWith(prefix) : id === prefix);
  if (![...MODEL_INDEXES.keys()].some(matches)) {
    reject(
      'model',
      `("${model}") matches no model of the catalogue. Give a bare id such as "amazon.nova-lite-v1:0" (the profile goes in \`scope\`) or a prefix that ends in *`,
    );
  }
  if (tier !== undefined && !TIERS.has(tier)) reject('tier', `("${tier}") is no tier`);
  if (multiplier === undefined && override.usdPerMillion === undefined && published === undefined)
    reject('multiplier', 'is missing, and so is usdPerMillion');
  const rates: { -readonly [Kind in TokenKind]?: number } = {};
  for (const [kind, usd] of Object.entries(usdPerMillion)) {
    if (!(TOKEN_KINDS as readonly string[]).includes(kind))
      reject(`usdPerMillion.${kind}`, 'is no kind of token');
    if (!isDecimal(usd))
      reject(`usdPerMillion.${kind}`, `("${usd}") is no decimal text with at most 6 decimals`);
    rates[kind as TokenKind] = Number(Money.fromUsd(usd).picoUsd / 1_000_000n);
  }
  if (multiplier !== undefined && !isDecimal(multiplier)) {
    reject('multiplier', `("${multiplier}") is no decimal text with at most 6 decimals, such as "0.93"`);
  }
  return {
    applies: (price) =>
      published === undefined &&
      matches(price.model.id) &&
      (scope === undefined || scope === price.scope) &&
      (tier === undefined || tier === price.tier),
    numerator: Money.fromUsd(multiplier ?? '1').picoUsd,
    denominator: Money.fromUsd('1').picoUsd,
    rates,
  };
}

/** To the nearest whole pico-dollar, halves up. */
function scale(picoUsd: number, { numerator, denominator }: CompiledOverride): number {
  return Number((BigInt(picoUsd) * numerator * 2n + denominator) / (denominator * 2n));
}

function applied(price: SelectedPrice, override: CompiledOverride): SelectedPrice {
  const scaled = (rates: object): Record<string, number> =>
    Object.fromEntries(Object.entries(rates).map(([kind, rate]) => [kind, scale(rate as number, override)]));
  // Rates of the user's own contract do not grow old with the public list.
  const isOwn = override.rates.input !== undefined && override.rates.output !== undefined;
  return {
    ...price,
    rates: { ...scaled(price.rates), ...override.rates },
    units: scaled(price.units),
    ...(isOwn ? { staleFrom: Number.POSITIVE_INFINITY } : {}),
  };
}

interface Compiled {
  readonly overrides: readonly CompiledOverride[];
  /** Models with newer published prices. */
  readonly published: ReadonlyMap<string, CatalogueModel | undefined>;
  readonly prices: WeakMap<SelectedPrice, SelectedPrice>;
}

const COMPILED = new WeakMap<readonly PriceOverride[], Compiled>();

function compiledOf(overrides: readonly PriceOverride[]): Compiled {
  let compiled = COMPILED.get(overrides);
  if (compiled === undefined) {
    if (!Array.isArray(overrides)) throw new InvalidOptionError('pricing', 'overrides', 'is no array');
    compiled = {
      overrides: overrides.map((override, index) => compile(override, `overrides[${index}]`)),
      published: new Map(
        overrides.filter((override) => override.published).map(({ model, published }) => [model, published]),
      ),
      prices: new WeakMap(),
    };
    COMPILED.set(overrides, compiled);
  }
  return compiled;
}

/**
 * Checks overrides when they are configured, not at the first call that they price.
 *
 * @throws InvalidOptionError when an override is malformed or matches no model of the catalogue.
 */
export function checkOverrides(overrides: readonly PriceOverride[]): void {
  compiledOf(overrides);
}

/** `price` under the last override that applies to it. The array is read once: change a copy, not the array. */
export function overriddenPrice(price: SelectedPrice, overrides: readonly PriceOverride[]): SelectedPrice {
  const compiled = compiledOf(overrides);
  let result = compiled.prices.get(price);
  if (result === undefined) {
    const override = compiled.overrides.findLast(({ applies }) => applies(price));
    result = override === undefined ? price : applied(price, override);
    compiled.prices.set(price, result);
  }
  return result;
}

/** A model with the newer published prices that overrides bring for it. */
export function publishedModel(model: CatalogueModel, overrides: readonly PriceOverride[]): CatalogueModel {
  return compiledOf(overrides).published.get(model.id) ?? model;
}
