import type { CatalogueModel, PriceRow, TokenKind } from '../types.js';
import { isTokenKind, type KnownRates, usdOf } from './price-kinds.js';

/** A new price beside what it is judged by. */
export interface NewPrice {
  readonly model: CatalogueModel;
  readonly tier: PriceRow['tier'];
  readonly before: KnownRates;
  readonly after: KnownRates;
  /** The standard price that the same sources list for the same place. */
  readonly standard?: KnownRates;
  /** The price through `global.` that the same sources list, where the source Region does not decide. */
  readonly global?: KnownRates;
  /** The price where no row of the Region holds. */
  readonly base?: KnownRates;
}

/** A price that moves by this share or more in either direction is looked at by a person (R10). */
const JUMP = 0.5;

/** Dollars per million tokens: outside of these a rate is a slip of the unit. */
const PLAUSIBLE: Readonly<Record<TokenKind, readonly [low: number, high: number]>> = {
  input: [0.01, 50],
  output: [0.015, 150],
  cacheRead: [0.0025, 10],
  cacheWrite5m: [0.02, 100],
  cacheWrite1h: [0.02, 100],
  cacheWrite30m: [0.02, 100],
};

/** Within one row: a kind as a multiple of another. */
const MULTIPLES: readonly (readonly [kind: TokenKind, of: TokenKind, low: number, high: number])[] = [
  ['cacheWrite5m', 'input', 1.2, 1.3],
  ['cacheWrite1h', 'input', 1.9, 2.1],
  ['cacheWrite30m', 'input', 1.2, 1.3],
  ['cacheRead', 'input', 0, 0.3],
  ['output', 'input', 1, Number.POSITIVE_INFINITY],
];

/** What another tier is of standard; wide, because small rates are rounded. */
const TIER_FACTORS: Readonly<Partial<Record<PriceRow['tier'], readonly [low: number, high: number]>>> = {
  batch: [0.4, 0.6],
  flex: [0.4, 0.6],
  priority: [1.5, 2],
  latencyOptimized: [1, 2],
};

function isOutside(of: number | undefined, to: number | undefined, low: number, high: number): boolean {
  return of !== undefined && to !== undefined && to > 0 && (of / to < low || of / to > high);
}

const isFreeElsewhere = (model: CatalogueModel, kind: string): boolean =>
  model.prices.some(({ rates }) => (rates as KnownRates)[kind] === 0);

function* jumps({ model, before, after }: NewPrice): Generator<string> {
  for (const kind of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[kind], after[kind]];
    const dollars = (picoUsd: number): string => `$${usdOf(kind, picoUsd)}`;
    if (is === undefined) {
      yield `${kind} is no longer listed`;
      continue;
    }
    // A unit may cost anything: a second of sound, or a picture in print quality.
    const [low, high] = isTokenKind(kind) ? PLAUSIBLE[kind] : [0, Number.POSITIVE_INFINITY];
    if (is !== 0 && (is < low * 1e6 || is > high * 1e6)) yield `${kind} at ${dollars(is)} is out of range`;
    if (was === undefined) {
      // That a kind is free is a fact of some models; of others it would be news.
      if (is === 0 && !isFreeElsewhere(model, kind)) yield `${kind} is free`;
    } else if (was !== is && (was === 0 || is === 0 || Math.abs(is - was) >= was * JUMP)) {
      yield `${kind} goes from ${dollars(was)} to ${dollars(is)}`;
    }
  }
}

function* brokenRules({ model, tier, before, after, standard, global, base }: NewPrice): Generator<string> {
  for (const [kind, of, low, high] of MULTIPLES) {
    const breaks = (rates: KnownRates): boolean => isOutside(rates[kind], rates[of], low, high);
    if (breaks(after) && !model.prices.some(({ rates }) => breaks(rates as KnownRates)))
      yield `${kind} is an unusual multiple of ${of}`;
  }
  const factors = TIER_FACTORS[tier];
  const compared: readonly (readonly [string, KnownRates | undefined, number, number])[] = [
    ['standard', factors === undefined ? undefined : standard, ...(factors ?? ([0, 0] as const))],
    ['the price through global.', global, 0.99, 1.25],
    ['the price of other Regions', base, 0.75, 2.1],
  ];
  for (const [name, rates, low, high] of compared) {
    if (rates === undefined || !isOutside(after['input'], rates['input'], low, high)) continue;
    // What was so before is a fact of the model, or has been looked at.
    if (!isOutside(before['input'], rates['input'], low, high))
      yield `input is an unusual multiple of ${name}`;
  }
}

/** Why a person should look at a price before it is taken; empty: nothing speaks against it. */
export function doubtsOf(price: NewPrice): readonly string[] {
  return [...jumps(price), ...brokenRules(price)];
}
