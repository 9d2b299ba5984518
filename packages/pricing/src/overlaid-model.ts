import type { CatalogueModel, PriceRow } from './types.js';

/** What a row is the price of, as text. */
export function placeOf({ scope, region = '', tier, aboveTokens = 0 }: PriceRow): string {
  return `${scope} ${region} ${tier} ${aboveTokens}`;
}

const datedPlaceOf = (row: PriceRow): string => `${placeOf(row)} ${row.effectiveFrom ?? ''}`;

/**
 * A model of the catalogue with newer rows. A row of the same place, tier, bracket and day takes the place of the
 * catalogue's; every other one joins it, so that calls of the past keep their price.
 */
export function overlaidModel(model: CatalogueModel, rows: readonly PriceRow[]): CatalogueModel {
  const replaced = new Set(rows.map(datedPlaceOf));
  // The new ones first: of two rows of one day the first holds.
  const prices = [...rows, ...model.prices.filter((row) => !replaced.has(datedPlaceOf(row)))];
  const { pricedRegions } = model;
  if (pricedRegions === undefined) return { ...model, prices };
  const added = new Set(
    rows.flatMap(({ region }) => region ?? []).filter((region) => !pricedRegions.includes(region)),
  );
  return {
    ...model,
    pricedRegions: [...pricedRegions, ...added],
    prices: [...prices, ...[...added].flatMap((region) => unknownPrices(prices, region))],
  };
}

/**
 * A Region that becomes known by some of its prices: the others, and these before their first day, stay unknown. The
 * base Region's do not stand in.
 */
function unknownPrices(prices: readonly PriceRow[], region: string): PriceRow[] {
  const unknown = new Map<string, PriceRow>();
  for (const { effectiveFrom: _, units: __, ...row } of prices) {
    const isRegional = row.scope === 'inRegion' || row.scope.startsWith('geo:');
    if (row.region === undefined && isRegional) unknown.set(placeOf(row), { ...row, region, rates: {} });
  }
  return [...unknown.values()];
}
