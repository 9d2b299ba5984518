import { InvalidOptionError } from './errors.js';
import { MODEL_INDEXES, modelOf } from './models.js';
import { Money } from './money.js';
import { overlaidModel, placeOf } from './overlaid-model.js';
import { SCOPE_LETTERS, TIER_LETTERS, TOKEN_KINDS } from './packed-letters.js';
import type { CatalogueModel, Certainty, PriceRow, Scope, TokenKind } from './types.js';

/** The form of the file; a file of another form is refused. */
export const OVERLAY_FORMAT = 'costkit-price-overlay/1';

/** One price of an overlay, as a person writes and reads it: the form of the catalogue's own data files. */
export interface OverlayPrice {
  /** Where a call may be served for the price to hold. */
  readonly scopes: readonly Scope[];
  /** Source Regions for which it holds. @defaultValue every Region that has no price of its own */
  readonly regions?: readonly string[];
  /** The tier it is the price of. */
  readonly tier: PriceRow['tier'];
  /** It holds for prompts of more tokens than this only. */
  readonly aboveTokens?: number;
  /** With `aboveTokens`: from that number on, not above it. */
  readonly inclusive?: true;
  /** Dollars per million tokens, as decimal text; a kind that is absent is unknown, `"0"` is a price. */
  readonly usdPerMillion: Readonly<Partial<Record<TokenKind, string>>>;
  /** Dollars per unit that is no token, as decimal text. */
  readonly usdPerUnit?: Readonly<Record<string, string>>;
  /** First day (UTC, ISO) on which it holds. */
  readonly effectiveFrom: string;
  /** Key of the overlay's `sources`, or of the catalogue's. */
  readonly source: string;
  /** How sure it is. */
  readonly certainty: Certainty;
  /** Kinds that no source lists. */
  readonly assumed?: readonly TokenKind[];
  /** Why no rate is given: the price is known to be another than before, but not how much. */
  readonly unknownBecause?: string;
}

/** Newer prices than the catalogue's: what `costkit price refresh` writes. */
export interface PriceOverlay {
  /** `"costkit-price-overlay/1"` */
  readonly format: typeof OVERLAY_FORMAT;
  /** State of the catalogue to which it was compared: its `PRICE_VERSION`. */
  readonly catalogue: string;
  /** What the sources of its prices are. */
  readonly sources: Readonly<Record<string, { readonly date: string; readonly what: string }>>;
  /** By model and tier: the source that lists every price of the tier as it is known. */
  readonly confirmed: Readonly<Record<string, Readonly<Partial<Record<PriceRow['tier'], string>>>>>;
  /** By model id. */
  readonly prices: Readonly<Record<string, readonly OverlayPrice[]>>;
}

/** More than any model costs: a slip of the unit, which would refuse every call of a budget. */
const MOST_USD_PER_MILLION = 1_000;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isDay = (value: unknown): boolean =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
const isOneOf = (values: readonly unknown[], value: unknown): boolean => values.includes(value);
const isListOf = (values: readonly unknown[], value: unknown): boolean =>
  Array.isArray(value) && value.every((entry) => isOneOf(values, entry));
const isText = (value: unknown): boolean => typeof value === 'string';
const isRate = (value: unknown): boolean =>
  isText(value) && /^\d+(\.\d{1,6})?$/.test(value as string) && Number(value) <= MOST_USD_PER_MILLION;
const isUnitPrice = (value: unknown): boolean => isText(value) && /^\d+(\.\d{1,12})?$/.test(value as string);

const SCOPES = Object.values(SCOPE_LETTERS);
const TIERS = Object.values(TIER_LETTERS);
const CERTAINTIES = ['documented', 'typed', 'observed', 'third-party', 'assumed'];

type Check = (value: unknown) => boolean;
const isRecordOf =
  (key: Check, entry: Check): Check =>
  (value) =>
    isRecord(value) && Object.entries(value).every(([name, content]) => key(name) && entry(content));

const PRICE_FIELDS: Readonly<
  Record<keyof OverlayPrice, readonly [check: Check, isRequired: boolean, form: string]>
> = {
  scopes: [
    (value) => isListOf(SCOPES, value) && (value as []).length > 0,
    true,
    `a list of ${SCOPES.join(', ')}`,
  ],
  regions: [
    (value) => Array.isArray(value) && value.every(isText) && value.length > 0,
    false,
    'a list of Regions',
  ],
  tier: [(value) => isOneOf(TIERS, value), true, `one of ${TIERS.join(', ')}`],
  aboveTokens: [
    (value) => Number.isSafeInteger(value) && (value as number) > 0,
    false,
    'a whole number above 0',
  ],
  inclusive: [(value) => value === true, false, 'true'],
  usdPerMillion: [
    isRecordOf((kind) => isOneOf(TOKEN_KINDS, kind), isRate),
    true,
    `decimal text with at most 6 decimals and at most ${MOST_USD_PER_MILLION} dollars, by kind of token`,
  ],
  usdPerUnit: [isRecordOf(isText, isUnitPrice), false, 'decimal text with at most 12 decimals, by unit'],
  effectiveFrom: [isDay, true, 'a day such as "2026-12-01"'],
  source: [isText, true, 'text'],
  certainty: [(value) => isOneOf(CERTAINTIES, value), true, `one of ${CERTAINTIES.join(', ')}`],
  assumed: [(value) => isListOf(TOKEN_KINDS, value), false, 'a list of kinds of token'],
  unknownBecause: [isText, false, 'text'],
};

function reject(path: string, problem: string): never {
  throw new InvalidOptionError('pricing', path, problem);
}

function checkPrice(value: unknown, path: string): void {
  if (!isRecord(value)) reject(path, 'is no object');
  for (const field of Object.keys(value))
    if (!(field in PRICE_FIELDS)) reject(`${path}.${field}`, 'is unknown');
  for (const [field, [check, isRequired, form]] of Object.entries(PRICE_FIELDS)) {
    const content = value[field];
    if (content === undefined ? isRequired : !check(content)) reject(`${path}.${field}`, `must be ${form}`);
  }
}

/**
 * Checks that a value is an overlay, down to the last price.
 *
 * @throws InvalidOptionError naming the place that is wrong.
 */
export function checkOverlay(value: unknown): asserts value is PriceOverlay {
  if (!isRecord(value)) reject('overlay', 'is no object');
  const { format, catalogue, sources, confirmed, prices, ...others } = value;
  for (const field of Object.keys(others)) reject(`overlay.${field}`, 'is unknown');
  if (format !== OVERLAY_FORMAT) reject('overlay.format', `must be "${OVERLAY_FORMAT}"`);
  if (!isText(catalogue)) reject('overlay.catalogue', 'must be text');
  const isSource: Check = (source) => isRecord(source) && isDay(source['date']) && isText(source['what']);
  if (!isRecordOf(isText, isSource)(sources)) reject('overlay.sources', 'must be {date, what} by name');
  const areTiers = isRecordOf((tier) => isOneOf(TIERS, tier), isText);
  if (!isRecordOf(isText, areTiers)(confirmed))
    reject('overlay.confirmed', 'must be sources by tier by model');
  if (!isRecord(prices)) reject('overlay.prices', 'is no object');
  for (const id of [...Object.keys(prices), ...Object.keys(confirmed as object)]) {
    if (!MODEL_INDEXES.has(id))
      reject(
        `overlay.prices["${id}"]`,
        'is no model of this catalogue. Use the version of costkit that wrote the overlay, or refresh it with this one',
      );
  }
  for (const [id, list] of Object.entries(prices)) {
    if (!Array.isArray(list)) reject(`overlay.prices["${id}"]`, 'is no list');
    for (const [index, price] of list.entries()) checkPrice(price, `overlay.prices["${id}"][${index}]`);
  }
}

/** The catalogue's rows that an entry stands for. */
function rowsOf(price: OverlayPrice): PriceRow[] {
  const { scopes, regions, usdPerMillion, usdPerUnit, unknownBecause: _, ...shared } = price;
  const rates = Object.fromEntries(
    Object.entries(usdPerMillion).map(([kind, usd]) => [
      kind,
      Number(Money.fromUsd(usd).picoUsd / 1_000_000n),
    ]),
  );
  const places: { region?: string }[] = regions?.map((region) => ({ region })) ?? [{}];
  return scopes.flatMap((scope) =>
    places.map((place) => ({
      ...shared,
      ...place,
      scope,
      rates,
      ...(usdPerUnit === undefined ? {} : { units: usdPerUnit }),
    })),
  );
}

/** A model with the prices of an overlay; the catalogue's own when the overlay has nothing about it. */
export function modelWithOverlay(
  id: string,
  { prices, confirmed }: PriceOverlay,
): CatalogueModel | undefined {
  const model = modelOf(id);
  const [own, tiers] = [prices[id], confirmed[id]];
  if (model === undefined || (own === undefined && tiers === undefined)) return model;
  const priced = overlaidModel(model, own?.flatMap(rowsOf) ?? []);
  return tiers === undefined ? priced : { ...priced, prices: confirmedRows(priced.prices, tiers) };
}

/** What was listed is the row that holds: older ones of the same place are history. */
function confirmedRows(
  rows: readonly PriceRow[],
  tiers: Readonly<Partial<Record<PriceRow['tier'], string>>>,
): PriceRow[] {
  const newest = new Map<string, PriceRow>();
  for (const row of rows) {
    const known = newest.get(placeOf(row));
    if (known === undefined || (row.effectiveFrom ?? '') > (known.effectiveFrom ?? ''))
      newest.set(placeOf(row), row);
  }
  return rows.map((row) => {
    const confirmedBy = tiers[row.tier];
    const isConfirmed = newest.get(placeOf(row)) === row && row.source !== confirmedBy;
    return confirmedBy === undefined || !isConfirmed ? row : { ...row, confirmedBy };
  });
}
