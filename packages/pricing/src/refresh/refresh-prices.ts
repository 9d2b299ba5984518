import { PRICE_VERSION } from '../catalogue.generated.js';
import { InvalidOptionError } from '../errors.js';
import { MODEL_INDEXES } from '../models.js';
import { registerSources } from '../overlay-file.js';
import { TOKEN_KINDS } from '../packed-letters.js';
import { modelWithOverlay, OVERLAY_FORMAT, type OverlayPrice, type PriceOverlay } from '../price-overlay.js';
import type { CatalogueModel, PriceRow } from '../types.js';
import { checkOptions } from './check-options.js';
import {
  type ListedRow,
  type Listing,
  ListingCollector,
  type PriceConflict,
  type UnknownPrices,
} from './collect-listing.js';
import { compareModel } from './compare-model.js';
import { currentPrice, hasRates, keysOf, textOfKey } from './current-price.js';
import { endedPrices, isListedAnywhere, type Reading } from './ended-prices.js';
import { PriceSourceError } from './errors.js';
import { modelNames } from './model-names.js';
import { type ChangeGroup, groupChanges, type PriceChange, type RateChange } from './price-change.js';
import { isTokenKind, type KnownRates, usdOf } from './price-kinds.js';
import type { PriceSource, PriceSourceProgress } from './price-source.js';

/** What {@link refreshPrices} reads and takes. */
export interface RefreshOptions {
  /** Where prices are read; what two of them list differently is a conflict. */
  readonly sources: readonly PriceSource[];
  /** The overlay to go on from. @defaultValue none: the catalogue alone */
  readonly overlay?: PriceOverlay;
  /** Ids of models whose doubtful changes are taken too; `"*"`: of all. @defaultValue none */
  readonly accept?: readonly string[];
  /** Names of the price list that this version does not know, with the model id of each. @defaultValue none */
  readonly names?: Readonly<Record<string, string>>;
  /** Told after every document. @defaultValue nobody */
  readonly onProgress?: (progress: PriceSourceProgress) => void;
}

/** What {@link refreshPrices} found. */
export interface PriceRefresh {
  /** The overlay with every change that was taken. */
  readonly overlay: PriceOverlay;
  /** What is listed otherwise than it is known, model by model. */
  readonly changes: readonly PriceChange[];
  /** Lines that were not understood. */
  readonly unknown: readonly UnknownPrices[];
  /** Lines that were understood, but that the catalogue has no place for: capacity, guardrails, training … */
  readonly passedOver: readonly UnknownPrices[];
  /** Rates that are listed twice, differently. */
  readonly conflicts: readonly PriceConflict[];
  /** Lines read, and how many of them are prices of models of the catalogue. */
  readonly lines: { readonly read: number; readonly understood: number };
}

function checkRefreshOptions(options: RefreshOptions): void {
  checkOptions(options, ['sources', 'overlay', 'accept', 'names', 'onProgress']);
  const { accept = [], names = {} } = options;
  for (const [index, id] of accept.entries()) {
    if (id !== '*' && !MODEL_INDEXES.has(id))
      throw new InvalidOptionError('pricing', `accept[${index}]`, `("${id}") is no model of the catalogue`);
  }
  for (const [name, id] of Object.entries(names)) {
    if (!MODEL_INDEXES.has(id))
      throw new InvalidOptionError('pricing', `names["${name}"]`, `("${id}") is no model of the catalogue`);
  }
}

/**
 * Compares what AWS lists now with what is known, and makes the overlay that `loadPriceOverlay` reads. Nothing is
 * written and nothing is guessed: a line that is not understood is in `unknown`, a rate that is listed twice in
 * `conflicts`, and a change that looks like a slip has `doubts` and is taken only when `accept` names its model.
 *
 * @throws PriceSourceError when a source cannot be read to its end, or lists no price of any model.
 * @throws InvalidOptionError when an option is unknown or names no model.
 *
 * @example
 * ```ts
 * const before = await readPriceOverlay('bedrock-prices.json');
 * const { overlay, changes } = await refreshPrices({
 *   sources: [bulkPriceList()],
 *   ...(before === undefined ? {} : { overlay: before }),
 * });
 * if (changes.length > 0) await savePriceOverlay('bedrock-prices.json', overlay);
 * ```
 */
export async function refreshPrices(options: RefreshOptions): Promise<PriceRefresh> {
  checkRefreshOptions(options);
  const { sources, overlay: before = EMPTY, accept = [], onProgress } = options;
  const collector = new ListingCollector(modelNames(options.names));
  for (const source of sources)
    for await (const document of source.documents(onProgress)) collector.add(document);
  const listing = collector.finish();
  if (listing.lines.understood === 0) {
    throw new PriceSourceError(
      `${listing.lines.read} lines were read, and none is a price of a known model. Check the address and the Regions`,
      'COSTKIT_PRICE_SOURCE_BROKEN',
    );
  }
  registerSources(before);
  const reading = readingOf(
    listing,
    sources.some(({ isComplete }) => isComplete),
  );
  const rows = new Map<string, ListedRow[]>();
  for (const row of listing.rows) rows.set(row.model.id, [...(rows.get(row.model.id) ?? []), row]);
  const changes: PriceChange[] = [];
  const prices: Record<string, readonly OverlayPrice[]> = { ...before.prices };
  const confirmed: Record<string, Partial<Record<PriceRow['tier'], string>>> = { ...before.confirmed };
  for (const id of MODEL_INDEXES.keys()) {
    const model = modelWithOverlay(id, before);
    if (model === undefined) continue;
    const { changes: single, listed } = compareModel(model, rows.get(id) ?? []);
    const groups = groupChanges([...single, ...endedPrices(model, listed, reading)]);
    const isAccepted = accept.includes(id) || accept.includes('*');
    const taken = groups.filter(({ doubts }) => doubts.length === 0 || isAccepted);
    changes.push(...groups.map((group) => changeOf(id, group, taken.includes(group))));
    // Newest first: of two prices of one day the first holds.
    if (taken.length > 0) prices[id] = [...taken.map(overlayPriceOf), ...(prices[id] ?? [])];
    const tiers = confirmedTiers(
      model,
      listed,
      groups.filter((group) => !taken.includes(group)),
    );
    if (tiers.length > 0)
      confirmed[id] = {
        ...confirmed[id],
        ...Object.fromEntries(tiers.map((tier) => [tier, reading.source])),
      };
  }
  return {
    overlay: overlayOf({ prices, confirmed, before, listing }),
    changes,
    unknown: listing.unknown,
    passedOver: listing.passedOver,
    conflicts: listing.conflicts,
    lines: listing.lines,
  };
}

const EMPTY: PriceOverlay = {
  format: OVERLAY_FORMAT,
  catalogue: PRICE_VERSION,
  sources: {},
  confirmed: {},
  prices: {},
};

function readingOf({ regions, sources }: Listing, isComplete: boolean): Reading {
  const [source = '', publishedOn = ''] =
    [...sources]
      .map(([name, { date }]) => [name, date] as const)
      .sort(([, one], [, other]) => one.localeCompare(other))
      .at(-1) ?? [];
  return {
    isComplete,
    source,
    publishedOn,
    isRegionRead: (region) => regions === 'all' || regions.has(region),
  };
}

/** Kinds of token in the order of the catalogue, then units. */
function kindsOf(...rates: readonly KnownRates[]): string[] {
  const kinds = new Set(rates.flatMap((known) => Object.keys(known)));
  return [...TOKEN_KINDS.filter((kind) => kinds.delete(kind)), ...kinds];
}

/** Dollars by kind of token or by unit. */
const usdBy = (rates: KnownRates, isWanted: (kind: string) => boolean): Record<string, string> =>
  Object.fromEntries(
    kindsOf(rates)
      .filter(isWanted)
      .map((kind) => [kind, usdOf(kind, rates[kind] ?? 0)]),
  );

function changeOf(model: string, group: ChangeGroup, isTaken: boolean): PriceChange {
  const { before, after, scopes, regions, tier, aboveTokens, effectiveFrom, source, doubts, change } = group;
  const rates = kindsOf(before, after).map((kind): RateChange => {
    const [was, is] = [before[kind], after[kind]];
    return {
      kind,
      ...(was === undefined ? {} : { before: usdOf(kind, was) }),
      ...(is === undefined ? {} : { after: usdOf(kind, is) }),
      ...(was === undefined || is === undefined || was === 0
        ? {}
        : { percent: Math.round(((is - was) / was) * 1_000) / 10 }),
    };
  });
  return {
    change,
    model,
    scopes,
    regions,
    tier,
    ...(aboveTokens === undefined ? {} : { aboveTokens }),
    rates,
    effectiveFrom,
    source,
    doubts,
    isTaken,
  };
}

function overlayPriceOf(group: ChangeGroup): OverlayPrice {
  const { after, scopes, regions, tier, aboveTokens, inclusive, assumed, effectiveFrom, source } = group;
  const usdPerUnit = usdBy(after, (kind) => !isTokenKind(kind));
  return {
    scopes,
    ...(regions.length === 0 ? {} : { regions }),
    tier,
    ...(aboveTokens === undefined ? {} : { aboveTokens }),
    ...(inclusive === undefined ? {} : { inclusive }),
    usdPerMillion: usdBy(after, isTokenKind),
    ...(Object.keys(usdPerUnit).length === 0 ? {} : { usdPerUnit }),
    effectiveFrom,
    source,
    certainty: 'documented',
    ...(assumed.length === 0 ? {} : { assumed }),
    ...(hasRates(after) ? {} : { unknownBecause: 'AWS lists it no longer' }),
  };
}

/** Tiers of which every known price is listed as it is known, or has been taken as it is listed. */
function confirmedTiers(
  model: CatalogueModel,
  listed: ReadonlySet<string>,
  open: readonly ChangeGroup[],
): PriceRow['tier'][] {
  if (listed.size === 0) return [];
  const keys = keysOf(model).filter(
    (key) => key.scope !== 'custom' && hasRates(currentPrice(model, key).rates),
  );
  return [...new Set(keys.map(({ tier }) => tier))].filter(
    (tier) =>
      open.every((group) => group.tier !== tier) &&
      keys.every(
        (key) =>
          key.tier !== tier ||
          listed.has(textOfKey(key)) ||
          (key.region === undefined && isListedAnywhere(listed, key)),
      ),
  );
}

function overlayOf({
  prices,
  confirmed,
  before,
  listing,
}: Pick<PriceOverlay, 'prices' | 'confirmed'> & {
  readonly before: PriceOverlay;
  readonly listing: Listing;
}): PriceOverlay {
  const named = new Set([
    ...Object.values(prices).flatMap((list) => list.map(({ source }) => source)),
    ...Object.values(confirmed).flatMap((tiers) => Object.values(tiers)),
  ]);
  const read = [...listing.sources].map(([name, { date, titles }]) => [
    name,
    { date, what: whatOf(name, titles) },
  ]);
  const known = { ...before.sources, ...Object.fromEntries(read) } as PriceOverlay['sources'];
  return {
    format: OVERLAY_FORMAT,
    catalogue: PRICE_VERSION,
    sources: Object.fromEntries(Object.entries(known).filter(([name]) => named.has(name))),
    confirmed,
    prices,
  };
}

function whatOf(name: string, titles: readonly string[]): string {
  const [first = '', ...others] = titles;
  const kind = name.startsWith('aws-list') ? 'AWS Price List' : 'rate cards of AWS Marketplace agreements';
  return `${kind}: ${first}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}
