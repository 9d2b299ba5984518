/**
 * The compact text in which the generated catalogue is stored, and how to read it. One line is one model; it is
 * read when the model is first asked for, so that an import costs one split.
 * @module
 */
import type {
  Capabilities,
  CapacityRate,
  CatalogueModel,
  Certainty,
  PriceRow,
  Rates,
  Scope,
  TokenKind,
} from './types.js';

/** Order of the token kinds in packed rates. */
export const TOKEN_KINDS: readonly TokenKind[] = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'cacheWrite30m',
];

/** One letter per scope in packed rows. */
export const SCOPE_LETTERS: Readonly<Record<string, Scope>> = {
  g: 'global',
  r: 'inRegion',
  u: 'geo:us',
  e: 'geo:eu',
  p: 'geo:apac',
  j: 'geo:jp',
  a: 'geo:au',
  i: 'geo:in',
  c: 'geo:ca',
  v: 'govcloud',
  x: 'custom',
};

/** One letter per tier in packed rows; upper case where the rates are by Region. */
export const TIER_LETTERS: Readonly<Record<string, PriceRow['tier']>> = {
  s: 'standard',
  b: 'batch',
  f: 'flex',
  p: 'priority',
  l: 'latencyOptimized',
};

/** Regions of the price list; in packed text a Region is the letter at its place in {@link REGION_LETTERS}. */
export const REGIONS: readonly string[] = (
  'us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 ca-west-1 sa-east-1 mx-central-1 eu-central-1 eu-central-2 ' +
  'eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 af-south-1 ' +
  'ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ' +
  'ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 us-gov-east-1 us-gov-west-1'
).split(' ');

/** One letter per entry of {@link REGIONS}. */
export const REGION_LETTERS: string = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** A family of the packed catalogue. */
export type PackedFamily = Pick<CatalogueModel, 'kind' | 'dialect' | 'capabilities'>;

/** The members of a model's line, in order. */
export type PackedModel = readonly [
  id: string,
  name: string,
  family: number,
  contextWindow: number,
  maxOutputTokens: number,
  profiles: string,
  prices: readonly string[],
  rest?: PackedRest,
];

/** What most models do not have. */
export type PackedRest = Pick<
  Partial<CatalogueModel>,
  'kind' | 'dialect' | 'usageSemantics' | 'lifecycle'
> & {
  readonly inRegion?: string;
  /** `=`: the same as `inRegion`. */
  readonly pricedRegions?: string;
  readonly capabilities?: { readonly [Field in keyof Capabilities]?: Capabilities[Field] | null };
  readonly capacity?: readonly CapacityRate[];
};

/** Certainty of a source's rows where a row does not say otherwise. */
export function certaintyOf(source: string): Certainty {
  return source.startsWith('aws-') ? 'documented' : source === 'derived' ? 'assumed' : 'third-party';
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Reads `4 20 .2 5 8` (dollars per million tokens by {@link TOKEN_KINDS}) or multiples of `base`: `*0.5` of every rate,
 * `*2 1.5` of output another than of the rest, `*0.5:2` of the first two kinds only.
 */
export function readRates(text: string, base: Rates): Rates {
  const rates: Mutable<Rates> = {};
  const [factors = '', columnCount = TOKEN_KINDS.length] = text.slice(1).split(':');
  const [factor, outputFactor = factor] = factors.split(' ').map(Number);
  const columns = text.split(' ');
  for (const [index, kind] of TOKEN_KINDS.entries()) {
    if (text.startsWith('*')) {
      const rate = base[kind];
      if (rate === undefined || index >= Number(columnCount)) continue;
      rates[kind] = Math.round(rate * ((kind === 'output' ? outputFactor : factor) ?? 0));
    } else {
      const column = columns[index];
      // Pico-dollars per token: the decimal point six places to the right.
      if (column !== undefined && column !== '') rates[kind] = Math.round(Number(column) * 1e6);
    }
  }
  return rates;
}

function readRegions(letters: string): readonly string[] {
  return [...letters].map((letter) => REGIONS[REGION_LETTERS.indexOf(letter)] ?? '');
}

function readConditions(text: string, sources: readonly string[]): Partial<PriceRow> {
  const conditions: Partial<Mutable<PriceRow>> = {};
  for (const condition of text.split(' ')) {
    const value = condition.slice(1);
    switch (condition.charAt(0)) {
      case '@':
        conditions.effectiveFrom = value;
        break;
      case '=':
        conditions.inclusive = true;
        conditions.aboveTokens = Number(value);
        break;
      case '>':
        conditions.aboveTokens = Number(value);
        break;
      case '!':
        conditions.certainty = value as Certainty;
        break;
      case '+':
        conditions.confirmedBy = sources[Number(value)] ?? '';
        break;
      case '?':
        conditions.assumed = [...value].map((index) => TOKEN_KINDS[Number(index)] as TokenKind);
        break;
    }
  }
  return conditions;
}

/**
 * Reads one packed row: `scopes;tier;source;rates` and, where they apply, `;conditions;units`. A tier letter in
 * upper case says that `rates` holds pairs `regions=rates` separated by commas.
 *
 * @param base - Rates of the last standard row for all Regions, which the row may be multiples of.
 * @returns The base of the next row.
 */
function readRow(text: string, sources: readonly string[], rows: PriceRow[], base: Rates): Rates {
  const [scopes = '', letter = '', sourceIndex = '', rates = '', conditions = '', units = ''] =
    text.split(';');
  const source = sources[Number(sourceIndex)] ?? '';
  const tier = TIER_LETTERS[letter.toLowerCase()] ?? 'standard';
  const shared = {
    source,
    certainty: certaintyOf(source),
    ...readConditions(conditions, sources),
    ...(units === '' ? {} : { units: Object.fromEntries(units.split(' ').map((unit) => unit.split('='))) }),
  };
  const byRegion = letter !== letter.toLowerCase();
  let nextBase = base;
  for (const part of byRegion ? rates.split(',') : [`=${rates}`]) {
    const [letters = '', regionRates = ''] = part.split('=');
    const parsed = readRates(regionRates, base);
    if (letter === 's' && !/[=>]/.test(conditions)) nextBase = parsed;
    const places = byRegion ? readRegions(letters).map((region) => ({ region })) : [{}];
    for (const place of places) {
      for (const letterOfScope of scopes) {
        rows.push({
          scope: SCOPE_LETTERS[letterOfScope] ?? 'inRegion',
          ...place,
          tier,
          rates: parsed,
          ...shared,
        });
      }
    }
  }
  return nextBase;
}

/**
 * A Region with a standard rate of its own but none for another tier: the rate of that tier is not known there,
 * and the base Region's must not stand in. An empty row says so.
 */
function addUnknownTiers(rows: PriceRow[]): void {
  const known = new Set(rows.map(({ scope, region, tier }) => `${scope} ${region} ${tier}`));
  const elsewhere = rows.filter(({ region, tier }) => region === undefined && tier !== 'standard');
  for (const row of rows.filter(
    ({ region, tier, effectiveFrom }) => region && tier === 'standard' && !effectiveFrom,
  )) {
    for (const { scope, tier } of elsewhere) {
      const key = `${row.scope} ${row.region} ${tier}`;
      if (scope !== row.scope || known.has(key)) continue;
      known.add(key);
      rows.push({ ...row, tier, rates: {} });
    }
  }
}

/** A model's line as the rest of the package knows it. */
export function readModel(
  line: string,
  families: readonly PackedFamily[],
  sources: readonly string[],
): CatalogueModel {
  const [id, name, family, contextWindow, maxOutputTokens, profiles, prices, rest = {}] = JSON.parse(
    line,
  ) as PackedModel;
  const shared = families[family];
  if (shared === undefined) throw new RangeError(`costkit pricing: the catalogue is damaged at "${id}".`);
  const rows: PriceRow[] = [];
  let base: Rates = {};
  for (const price of prices) base = readRow(price, sources, rows, base);
  addUnknownTiers(rows);
  const { capabilities, inRegion, pricedRegions, ...members } = rest;
  return {
    id,
    provider: id.slice(0, id.indexOf('.')),
    name,
    kind: shared.kind,
    dialect: shared.dialect,
    ...(contextWindow > 0 ? { contextWindow } : {}),
    ...(maxOutputTokens > 0 ? { maxOutputTokens } : {}),
    profiles: profiles === '' ? [] : profiles.split(' '),
    ...(inRegion === undefined ? {} : { inRegion: readRegions(inRegion) }),
    ...(pricedRegions === undefined
      ? {}
      : { pricedRegions: readRegions(pricedRegions === '=' ? (inRegion ?? '') : pricedRegions) }),
    usageSemantics: 'net',
    lifecycle: {},
    prices: rows,
    ...members,
    capabilities:
      capabilities === undefined ? shared.capabilities : changed(shared.capabilities, capabilities),
  };
}

function changed(capabilities: Capabilities, changes: object): Capabilities {
  const members = { ...capabilities, ...changes };
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== null),
  ) as unknown as Capabilities;
}
