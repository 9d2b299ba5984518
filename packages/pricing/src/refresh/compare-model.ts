import type { CatalogueModel, Scope } from '../types.js';
import type { ListedPrice, ListedRow } from './collect-listing.js';
import { currentPrice, hasRates, type PriceKey, textOfKey } from './current-price.js';
import { doubtsOf } from './doubts.js';
import { bracketOf, scopesOf } from './listed-scopes.js';
import { datesOf, keptRates, mergeRates, ratesOf } from './merge-rates.js';
import type { SingleChange } from './price-change.js';
import type { KnownRates } from './price-kinds.js';

/** What a model's listed prices say about what is known of it. */
export interface ModelComparison {
  readonly changes: readonly SingleChange[];
  /** Prices that are listed, whatever they are, as texts of keys. */
  readonly listed: ReadonlySet<string>;
}

/** The listed prices of one scope, tier and bracket, by Region; `'*'`: the same in every Region. */
interface Table {
  readonly key: Omit<PriceKey, 'region'>;
  readonly inclusive?: true;
  readonly rows: Map<string, ListedRow>;
}

const EVERYWHERE = '*';
const textOfRates = (row: ListedRow): string =>
  JSON.stringify([...row.prices].map(([kind, { picoUsd }]) => [kind, picoUsd]).sort());

function tablesOf(rows: readonly ListedRow[]): Table[] {
  const tables = new Map<string, Table>();
  for (const row of rows) {
    const { aboveTokens, inclusive } = bracketOf(row.model, row.longContext);
    for (const scope of scopesOf(row)) {
      const key = { scope, tier: row.tier, ...(aboveTokens === undefined ? {} : { aboveTokens }) };
      const table = tables.get(textOfKey(key)) ?? {
        key,
        rows: new Map<string, ListedRow>(),
        ...(inclusive === undefined ? {} : { inclusive }),
      };
      table.rows.set(row.region ?? EVERYWHERE, row);
      tables.set(textOfKey(key), table);
    }
  }
  return [...tables.values()];
}

/** Compares everything that is listed for a model with what is known of it. */
export function compareModel(model: CatalogueModel, rows: readonly ListedRow[]): ModelComparison {
  const tables = tablesOf(rows);
  const comparison = new Comparison(model, tables);
  for (const table of tables) comparison.compare(table);
  return comparison;
}

class Comparison implements ModelComparison {
  readonly changes: SingleChange[] = [];
  readonly listed: Set<string> = new Set<string>();
  readonly #model: CatalogueModel;
  readonly #tables: ReadonlyMap<string, Table>;

  constructor(model: CatalogueModel, tables: readonly Table[]) {
    this.#model = model;
    this.#tables = new Map(tables.map((table) => [textOfKey(table.key), table]));
  }

  compare(table: Table): void {
    const entries = [...table.rows].filter(([, row]) => !row.isDisputed);
    const shared = entries.filter(([region]) => this.#sharesBase(table.key, region));
    const own = entries.filter(([region]) => !this.#sharesBase(table.key, region));
    for (const region of table.rows.keys()) this.#markListed(table, region);
    const base = this.#baseOf(table, shared, own);
    if (base !== undefined) {
      this.#markListed(table, EVERYWHERE);
      this.#emit(table, EVERYWHERE, base, [], false);
    }
    for (const [region, row] of shared) {
      if (base !== undefined && textOfRates(row) === textOfRates(base)) continue;
      const isMoved = mergeRates(currentPrice(this.#model, this.#keyOf(table, region)), row) !== undefined;
      // A Region that stays as it is needs a row of its own when the others move.
      const doubts =
        isMoved && this.#isOnePrice(table.key.scope) ? ['it differs from what other Regions list'] : [];
      this.#emit(table, region, row, doubts, base !== undefined);
    }
    for (const [region, row] of own) this.#emit(table, region, row, [], false);
  }

  /** Whether one price holds in all Regions, as with Claude; else the source Region decides, as with Nova. */
  #isOnePrice(scope: Scope): boolean {
    return scope === 'global' || scope === 'govcloud' || this.#model.pricedRegions === undefined;
  }

  #hasOwnRow({ scope, tier, aboveTokens }: PriceKey, region: string): boolean {
    return this.#model.prices.some(
      (row) =>
        row.scope === scope && row.tier === tier && row.aboveTokens === aboveTokens && row.region === region,
    );
  }

  /** Whether the price in a Region is the row without a Region. */
  #sharesBase(key: PriceKey, region: string): boolean {
    if (region === EVERYWHERE) return true;
    if (this.#hasOwnRow(key, region)) return false;
    if (this.#isOnePrice(key.scope)) return true;
    // What a customised model costs follows the Region as the model itself does.
    if (key.scope === 'custom') return !this.#hasOwnRow({ scope: 'inRegion', tier: 'standard' }, region);
    return this.#model.pricedRegions?.includes(region) === true;
  }

  /** The listed price that stands for the row without a Region, if it is clear which. */
  #baseOf(
    { key }: Table,
    shared: readonly (readonly [string, ListedRow])[],
    own: readonly (readonly [string, ListedRow])[],
  ): ListedRow | undefined {
    const current = currentPrice(this.#model, key).rates;
    if (this.#isOnePrice(key.scope)) return mostListed(shared);
    if (shared.length > 0) {
      const expected = (this.#model.pricedRegions ?? []).filter(
        (region) => this.#sharesBase(key, region) && this.#isPlace(key.scope, region),
      );
      const isWhole =
        key.scope === 'custom' || expected.every((region) => shared.some(([listed]) => listed === region));
      return isWhole ? onlyOne(shared) : undefined;
    }
    // Every Region has a row of its own; the row without follows those that have cost the same so far.
    const followed = own.filter(
      ([region]) => isSame(currentPrice(this.#model, { ...key, region }).rates, current) && hasRates(current),
    );
    return onlyOne(followed);
  }

  #isPlace(scope: Scope, region: string): boolean {
    return scopesOf({ ...NO_ROW, model: this.#model, region }).includes(scope);
  }

  #markListed(table: Table, region: string): void {
    this.listed.add(textOfKey(this.#keyOf(table, region)));
  }

  #keyOf({ key }: Table, region: string): PriceKey {
    return region === EVERYWHERE ? key : { ...key, region };
  }

  /** @param isKept - a row is needed even if it says what is known. */
  #emit(table: Table, region: string, row: ListedRow, doubts: readonly string[], isKept: boolean): void {
    const key = this.#keyOf(table, region);
    const current = currentPrice(this.#model, key);
    const merged = mergeRates(current, row) ?? (isKept ? keptRates(current, row) : undefined);
    if (merged === undefined) return;
    const { effectiveFrom, source, isOlder } = datesOf(current, row, merged.changed);
    this.changes.push({
      change:
        hasRates(current.rates) && merged.changed.some((kind) => current.rates[kind] !== undefined)
          ? 'changed'
          : 'added',
      ...key,
      ...(table.inclusive === undefined ? {} : { inclusive: table.inclusive }),
      before: current.rates,
      after: merged.rates,
      assumed: merged.assumed,
      effectiveFrom,
      source,
      doubts: [
        ...doubts,
        ...(isOlder ? [`the list is older than what is known (${current.row?.source})`] : []),
        ...doubtsOf({
          model: this.#model,
          tier: key.tier,
          before: current.rates,
          after: merged.rates,
          ...this.#judges(key, row),
        }),
      ],
    });
  }

  /** What a new price is judged by. */
  #judges(key: PriceKey, row: ListedRow): { standard?: KnownRates; global?: KnownRates; base?: KnownRates } {
    const beside = (other: Partial<PriceKey>): KnownRates | undefined => {
      const { region, ...rest } = { ...key, ...other };
      const rows = this.#tables.get(textOfKey(rest))?.rows;
      const found = rows?.get(region ?? row.region ?? EVERYWHERE) ?? rows?.get(EVERYWHERE);
      return found === undefined || found.isDisputed ? undefined : ratesOf(found);
    };
    const standard = key.tier === 'standard' ? undefined : beside({ tier: 'standard' });
    const isGeographic = key.scope !== 'global' && key.scope !== 'govcloud' && key.scope !== 'custom';
    const global =
      isGeographic && this.#model.pricedRegions === undefined ? beside({ scope: 'global' }) : undefined;
    const { region: _, ...everywhere } = key;
    const base = key.region === undefined ? {} : currentPrice(this.#model, everywhere).rates;
    return {
      ...(standard === undefined ? {} : { standard }),
      ...(global === undefined ? {} : { global }),
      ...(hasRates(base) ? { base } : {}),
    };
  }
}

const NO_ROW: Omit<ListedRow, 'model' | 'region'> = {
  place: 'regional',
  tier: 'standard',
  longContext: false,
  prices: new Map<string, ListedPrice>(),
  isDisputed: false,
};

function isSame(one: KnownRates, other: KnownRates): boolean {
  const kinds = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...kinds].every((kind) => one[kind] === other[kind]);
}

/** The row that all agree on. */
function onlyOne(entries: readonly (readonly [string, ListedRow])[]): ListedRow | undefined {
  const [first, ...others] = entries;
  return first !== undefined && others.every(([, row]) => textOfRates(row) === textOfRates(first[1]))
    ? first[1]
    : undefined;
}

/** The row that more than half of the Regions list. */
function mostListed(entries: readonly (readonly [string, ListedRow])[]): ListedRow | undefined {
  return entries
    .map(([, row]) => row)
    .find(
      (row) =>
        entries.filter(([, other]) => textOfRates(other) === textOfRates(row)).length * 2 > entries.length,
    );
}
