import type { TokenKind } from '../types.js';
import type { ListedRow } from './collect-listing.js';
import type { CurrentPrice } from './current-price.js';
import { isTokenKind, type KnownRates, unitsOf } from './price-kinds.js';

/** The rates of a listed row. */
export function ratesOf({ prices }: ListedRow): KnownRates {
  return Object.fromEntries([...prices].map(([kind, { picoUsd }]) => [kind, picoUsd]));
}

/** What a new row has. */
export interface Merged {
  readonly rates: KnownRates;
  readonly assumed: readonly TokenKind[];
  /** Kinds and units that are new or other than before. */
  readonly changed: readonly string[];
}

/**
 * The rates that a new row has, or `undefined` when the list says what is known. Kinds of token that the list does not
 * have are kept as long as the others stay: next to a new price, an old one would be a guess. Units stand for themselves.
 */
export function mergeRates({ rates, row: known }: CurrentPrice, row: ListedRow): Merged | undefined {
  const listed = ratesOf(row);
  const changed = Object.keys(listed).filter((kind) => listed[kind] !== rates[kind]);
  if (changed.length === 0) return undefined;
  const doTokensMove = changed.some((kind) => isTokenKind(kind) && rates[kind] !== undefined);
  const after = { ...(doTokensMove ? unitsOf(rates) : rates), ...listed };
  const assumed = (known?.assumed ?? []).filter((kind) => kind in after && !(kind in listed));
  return { rates: after, assumed, changed };
}

/** A row that says what is known, for a place whose neighbours move away. */
export function keptRates({ rates, row: known }: CurrentPrice, row: ListedRow): Merged {
  const assumed = (known?.assumed ?? []).filter((kind) => !row.prices.has(kind));
  return { rates, assumed, changed: [] };
}

/**
 * From when on. AWS dates every price to the first of the month, whenever it changed: a date before the day on which
 * another price was still read cannot be right, and the day of publication is the first that is known.
 */
export function datesOf(
  current: CurrentPrice,
  row: ListedRow,
  changed: readonly string[],
): { effectiveFrom: string; source: string; isOlder: boolean } {
  const prices = (changed.length > 0 ? changed : [...row.prices.keys()]).flatMap(
    (kind) => row.prices.get(kind) ?? [],
  );
  const newest = [...prices].sort((one, other) => one.publishedOn.localeCompare(other.publishedOn)).at(-1);
  const { publishedOn = '', source = '' } = newest ?? {};
  const claimed =
    prices
      .map(({ effectiveOn }) => effectiveOn ?? '')
      .sort()
      .at(-1) || publishedOn;
  const isChange = changed.some((kind) => current.rates[kind] !== undefined);
  const readOn = current.readOn ?? '';
  const from = isChange && claimed <= readOn ? publishedOn : claimed;
  const since = current.row?.effectiveFrom ?? '';
  return { effectiveFrom: lastOf(from, since), source, isOlder: isChange && publishedOn < readOn };
}

/** The later of ISO dates. */
function lastOf(...days: readonly string[]): string {
  return days.toSorted().at(-1) ?? '';
}
