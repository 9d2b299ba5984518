import { modelOf } from '../models.js';
import type { CatalogueModel, PriceRow } from '../types.js';
import { BEDROCK_OFFERS } from './bedrock-offers.js';
import type { ModelNames } from './model-names.js';
import { usdOf } from './price-kinds.js';
import type { PriceDocument } from './price-source.js';
import { kindOf, type ListedRate, readItem } from './read-item.js';

/** One listed rate of a row. */
export interface ListedPrice {
  /** Pico-dollars per token or unit. */
  readonly picoUsd: number;
  readonly usageType: string;
  /** Where it was read: `aws-list` and the day of publication. */
  readonly source: string;
  readonly publishedOn: string;
  readonly effectiveOn?: string;
}

/** The listed rates of one model, place, Region and tier. */
export interface ListedRow {
  readonly model: CatalogueModel;
  readonly place: ListedRate['place'];
  /** Absent: the same in every Region. */
  readonly region?: string;
  readonly tier: PriceRow['tier'];
  readonly longContext: boolean;
  /** By kind of token or unit. */
  readonly prices: ReadonlyMap<string, ListedPrice>;
  /** A rate of it is listed twice, differently: the row is neither taken nor missing. */
  readonly isDisputed: boolean;
}

/** Lines that were not understood, or that the catalogue has no place for, by reason. */
export interface UnknownPrices {
  /** Why, in plain words. */
  readonly reason: string;
  /** How many lines. */
  readonly count: number;
  /** Some of their usage types. */
  readonly usageTypes: readonly string[];
}

/** One rate that is listed twice, differently: neither is taken. */
export interface PriceConflict {
  /** Id of the model. */
  readonly model: string;
  /** What the lines price, for people. */
  readonly what: string;
  /** Dollars per million tokens, or per unit that is no token, by usage type. */
  readonly usd: Readonly<Record<string, string>>;
}

/** What sources list, understood. */
export interface Listing {
  readonly rows: readonly ListedRow[];
  readonly unknown: readonly UnknownPrices[];
  readonly passedOver: readonly UnknownPrices[];
  readonly conflicts: readonly PriceConflict[];
  /** Lines read, and how many of them are prices of known models. */
  readonly lines: { readonly read: number; readonly understood: number };
  /** What each source is, by its key. */
  readonly sources: ReadonlyMap<string, { readonly date: string; readonly titles: readonly string[] }>;
  /** Regions whose files were read; of those a missing price says something. */
  readonly regions: ReadonlySet<string> | 'all';
}

interface Found extends ListedPrice {
  readonly mantle: boolean;
  readonly kindOfSource: PriceDocument['source'];
}

interface OpenRow extends Omit<ListedRow, 'prices' | 'isDisputed'> {
  readonly found: Map<string, Found[]>;
}

const EXAMPLES = 3;

/** Lines by reason, while they are counted. */
type Reasons = Map<string, { count: number; usageTypes: string[] }>;

function count(reasons: Reasons, reason: string, usageType: string): void {
  const known = reasons.get(reason) ?? { count: 0, usageTypes: [] };
  known.count += 1;
  if (known.usageTypes.length < EXAMPLES) known.usageTypes.push(usageType);
  reasons.set(reason, known);
}

const counted = (reasons: Reasons): UnknownPrices[] =>
  [...reasons].map(([reason, found]) => ({ reason, ...found }));

/** Gathers what documents list, row by row. */
export class ListingCollector {
  readonly #names: ModelNames;
  readonly #rows = new Map<string, OpenRow>();
  readonly #unknown: Reasons = new Map();
  readonly #passedOver: Reasons = new Map();
  readonly #sources = new Map<string, { date: string; titles: string[] }>();
  readonly #regions = new Map<string, Set<string> | 'all'>();
  #read = 0;
  #understood = 0;

  constructor(names: ModelNames) {
    this.#names = names;
  }

  /** Adds a document. */
  add(document: PriceDocument): void {
    const source = `${document.source}-${document.publishedOn}`;
    const known = this.#sources.get(source) ?? { date: document.publishedOn, titles: [] };
    known.titles.push(document.title);
    this.#sources.set(source, known);
    if (document.source === 'aws-list') this.#addRegion(document);
    for (const item of document.items) {
      this.#read += 1;
      const reading = readItem(item, document, this.#names);
      if ('unknown' in reading) count(this.#unknown, reading.unknown, item.usageType);
      if ('passedOver' in reading) count(this.#passedOver, reading.passedOver, item.usageType);
      if ('rate' in reading) this.#addRate(reading.rate, source, document);
    }
  }

  #addRegion({ offer, region, isOfAllRegions }: PriceDocument): void {
    const regions = this.#regions.get(offer);
    if (isOfAllRegions === true || regions === 'all') this.#regions.set(offer, 'all');
    else if (region !== undefined) this.#regions.set(offer, new Set([...(regions ?? []), region]));
  }

  #addRate(rate: ListedRate, source: string, document: PriceDocument): void {
    const model = modelOf(rate.model);
    if (model === undefined) return;
    this.#understood += 1;
    const { place, region, tier, longContext, picoUsd, usageType, effectiveOn, mantle } = rate;
    const key = [model.id, place, region, tier, longContext].join(' ');
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = {
        model,
        place,
        tier,
        longContext,
        found: new Map(),
        ...(region === undefined ? {} : { region }),
      };
      this.#rows.set(key, row);
    }
    const kind = kindOf(rate.counts, rate.ttl, model.capabilities.cache?.ttls[0] ?? '5m');
    const found = row.found.get(kind) ?? [];
    const { publishedOn, source: kindOfSource } = document;
    found.push({
      picoUsd,
      usageType,
      source,
      publishedOn,
      mantle,
      kindOfSource,
      ...(effectiveOn === undefined ? {} : { effectiveOn }),
    });
    row.found.set(kind, found);
  }

  /** Everything that was added. */
  finish(): Listing {
    const conflicts: PriceConflict[] = [];
    const closed = [...this.#rows.values()].map((row) => closeRow(row, conflicts));
    const standard = new Map(
      closed.filter(({ longContext }) => !longContext).map((row) => [keyBelow(row), row] as const),
    );
    const rows = closed.filter((row) => {
      if (!row.longContext || row.model.prices.some(({ aboveTokens }) => aboveTokens !== undefined))
        return true;
      const below = standard.get(keyBelow(row));
      // Some models list a long-context price that is the same: nothing to tell apart.
      const isSame = [...row.prices].every(
        ([kind, { picoUsd }]) => below?.prices.get(kind)?.picoUsd === picoUsd,
      );
      if (!isSame)
        for (const { usageType } of row.prices.values())
          count(this.#unknown, 'it is for long prompts, and from how many tokens on is not known', usageType);
      return false;
    });
    return {
      rows,
      unknown: counted(this.#unknown),
      passedOver: counted(this.#passedOver),
      conflicts,
      lines: { read: this.#read, understood: this.#understood },
      sources: this.#sources,
      regions: readRegions(this.#regions),
    };
  }
}

/** Regions of which every offer has been read: a model may stand in any of them. */
function readRegions(regions: ReadonlyMap<string, ReadonlySet<string> | 'all'>): ReadonlySet<string> | 'all' {
  const all = BEDROCK_OFFERS.map((offer) => regions.get(offer) ?? new Set<string>());
  const sets = all.filter((set) => set !== 'all');
  const [first, ...others] = sets;
  if (first === undefined) return 'all';
  return new Set([...first].filter((region) => others.every((set) => set.has(region))));
}

const keyBelow = ({ model, place, region, tier }: ListedRow): string =>
  [model.id, place, region, tier].join(' ');

function closeRow({ found, ...row }: OpenRow, conflicts: PriceConflict[]): ListedRow {
  const prices = new Map<string, ListedPrice>();
  const before = conflicts.length;
  for (const [kind, all] of found) {
    const price = onlyPrice(all);
    if (price !== undefined) {
      prices.set(kind, price);
      continue;
    }
    const { model, place, region = 'every Region', tier, longContext } = row;
    conflicts.push({
      model: model.id,
      what: [kind, place, region, tier, longContext ? 'long prompts' : ''].join(' ').trim(),
      usd: Object.fromEntries(all.map(({ usageType, picoUsd }) => [usageType, usdOf(kind, picoUsd)])),
    });
  }
  return { ...row, prices, isDisputed: conflicts.length > before };
}

/**
 * The one price of several lines: AWS lists many rates twice, once for each endpoint. `bedrock-runtime` is what costkit
 * prices; of several terms the newest holds.
 *
 * @returns `undefined` when they differ.
 */
function onlyPrice(found: readonly Found[]): ListedPrice | undefined {
  const runtime = found.filter(({ mantle }) => !mantle);
  const candidates = runtime.length > 0 ? runtime : found;
  const newest = candidates.filter(({ kindOfSource, effectiveOn = '' }) =>
    candidates.every(
      (other) => other.kindOfSource !== kindOfSource || (other.effectiveOn ?? '') <= effectiveOn,
    ),
  );
  const [first, ...others] = newest;
  if (first === undefined || others.some(({ picoUsd }) => picoUsd !== first.picoUsd)) return undefined;
  const { mantle: _, kindOfSource: __, ...price } = first;
  return price;
}
