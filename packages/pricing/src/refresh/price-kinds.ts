import { TOKEN_KINDS } from '../packed-letters.js';
import type { TokenKind } from '../types.js';

/**
 * Pico-dollars by what they are the price of: a kind of token, each, or a unit that is no token by the catalogue's name
 * for it, such as `image`. A row of the price table has both.
 */
export type KnownRates = Readonly<Record<string, number>>;

/** Whether it is a kind of token; else it is a unit. */
export function isTokenKind(kind: string): kind is TokenKind {
  return (TOKEN_KINDS as readonly string[]).includes(kind);
}

/** Dollars as decimal text without needless zeros. */
const decimal = (picoUsd: number, picoPerDollar: number, decimals: number): string =>
  (picoUsd / picoPerDollar).toFixed(decimals).replace(/\.?0+$/, '');

/** Dollars as people know them, as decimal text: for a million tokens, or for one unit. */
export function usdOf(kind: string, picoUsd: number): string {
  // Pico-dollars per token are millionths of dollars per million tokens.
  return isTokenKind(kind) ? decimal(picoUsd, 1e6, 6) : decimal(picoUsd, 1e12, 12);
}

/** The units among rates. */
export function unitsOf(rates: KnownRates): KnownRates {
  return Object.fromEntries(Object.entries(rates).filter(([kind]) => !isTokenKind(kind)));
}
