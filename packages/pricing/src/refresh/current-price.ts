import { PRICE_SOURCES } from '../models.js';
import { selectPrice } from '../select-price.js';
import type { CatalogueModel, PriceRow, Scope } from '../types.js';
import type { KnownRates } from './price-kinds.js';

/** What a row is the price of. */
export interface PriceKey {
  readonly scope: Scope;
  /** Absent: wherever no row of the Region itself holds. */
  readonly region?: string;
  readonly tier: PriceRow['tier'];
  readonly aboveTokens?: number;
}

/** What is known of a price before the refresh. */
export interface CurrentPrice {
  /** By kind of token and by unit; empty: nothing is known. */
  readonly rates: KnownRates;
  /** The row that holds; absent: none. */
  readonly row?: PriceRow;
  /** Newest day on which it was read somewhere. */
  readonly readOn?: string;
}

/** As text, for maps. */
export function textOfKey({ scope, region = '', tier, aboveTokens = 0 }: PriceKey): string {
  return `${scope} ${region} ${tier} ${aboveTokens}`;
}

/** What a call of that kind costs by the newest rows. */
export function currentPrice(
  model: CatalogueModel,
  { scope, region, tier, aboveTokens }: PriceKey,
): CurrentPrice {
  const promptTokens = aboveTokens === undefined ? 0 : aboveTokens + 1;
  const { rates, units } = selectPrice(model, scope, region, tier, promptTokens, undefined);
  const row = model.prices.find(
    (candidate) =>
      candidate.rates === rates &&
      candidate.scope === scope &&
      candidate.tier === tier &&
      (candidate.region === undefined || candidate.region === region),
  );
  // A bracket that the model has in another scope or tier only: the rates below it do not hold above.
  if (row === undefined || row.aboveTokens !== aboveTokens) return { rates: {} };
  const readOn = [row.source, row.confirmedBy ?? '']
    .flatMap((source) => PRICE_SOURCES.get(source) ?? [])
    .sort()
    .at(-1);
  return { rates: { ...rates, ...units }, row, ...(readOn === undefined ? {} : { readOn }) };
}

/** Everything that a model has a row for. */
export function keysOf(model: CatalogueModel): readonly PriceKey[] {
  const keys = new Map<string, PriceKey>();
  for (const { scope, region, tier, aboveTokens } of model.prices) {
    const key = {
      scope,
      tier,
      ...(region === undefined ? {} : { region }),
      ...(aboveTokens === undefined ? {} : { aboveTokens }),
    };
    keys.set(textOfKey(key), key);
  }
  return [...keys.values()];
}

/** Whether anything is known. */
export function hasRates(rates: KnownRates): boolean {
  return Object.keys(rates).length > 0;
}
