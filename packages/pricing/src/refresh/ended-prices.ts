import type { CatalogueModel } from '../types.js';
import { currentPrice, hasRates, keysOf, type PriceKey, textOfKey } from './current-price.js';
import type { SingleChange } from './price-change.js';

/** How far the price list was read. */
export interface Reading {
  /** Whether the files of a Region were. */
  readonly isRegionRead: (region: string) => boolean;
  /** Whether the files of every Region were. */
  readonly isComplete: boolean;
  readonly source: string;
  readonly publishedOn: string;
}

/** Prices that AWS listed and lists no longer. */
export function endedPrices(
  model: CatalogueModel,
  listed: ReadonlySet<string>,
  { isRegionRead, isComplete, source, publishedOn }: Reading,
): SingleChange[] {
  return keysOf(model).flatMap((key) => {
    const text = textOfKey(key);
    const { region } = key;
    const isRead = region === undefined ? isComplete : isRegionRead(region);
    if (!isRead || listed.has(text) || (region === undefined && isListedAnywhere(listed, key))) return [];
    const current = currentPrice(model, key);
    const wasListed = current.row?.source.startsWith('aws-list') === true && hasRates(current.rates);
    if (!wasListed) return [];
    return {
      change: 'ended' as const,
      ...key,
      ...(current.row?.inclusive === true ? { inclusive: true as const } : {}),
      before: current.rates,
      after: {},
      assumed: [],
      effectiveFrom: publishedOn,
      source,
      doubts: ['AWS lists it no longer'],
    };
  });
}

/** Whether any Region lists the price: then the row without a Region is not what has ended. */
export function isListedAnywhere(
  listed: ReadonlySet<string>,
  { scope, tier, aboveTokens = 0 }: PriceKey,
): boolean {
  return [...listed].some((text) => {
    const [listedScope, , listedTier, listedAbove] = text.split(' ');
    return listedScope === scope && listedTier === tier && listedAbove === String(aboveTokens);
  });
}
