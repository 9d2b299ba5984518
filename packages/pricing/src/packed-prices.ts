import {
  CERTAINTY_LETTERS,
  certaintyOf,
  readRegions,
  SCOPE_LETTERS,
  TIER_LETTERS,
  TOKEN_KINDS,
} from './packed-letters.js';
import type { PriceRow, Rates } from './types.js';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Reads `4 20 .2 5 8` (dollars per million tokens in the order of `TOKEN_KINDS`) or multiples of `base`: `*0.5` of
 * every rate, `*2 1.5` of output another than of the rest, `*0.5:2` of the first two kinds only.
 */
export function readRates(text: string, base: Rates): Rates {
  const rates: Mutable<Rates> = {};
  const isMultiple = text.startsWith('*');
  const [numbers = '', columnCount = TOKEN_KINDS.length] = (isMultiple ? text.slice(1) : text).split(':');
  const columns = numbers.split(' ');
  for (const [index, kind] of TOKEN_KINDS.entries()) {
    const [factor, outputFactor = factor] = columns;
    const number = isMultiple ? (kind === 'output' ? outputFactor : factor) : columns[index];
    // A million times a million: dollars per million tokens are pico-dollars per token six places to the left.
    const unit = isMultiple ? (index < Number(columnCount) ? base[kind] : undefined) : 1e6;
    if (number !== undefined && number !== '' && unit !== undefined)
      rates[kind] = Math.round(Number(number) * unit);
  }
  return rates;
}

function readConditions(text: string, sources: readonly string[]): Partial<PriceRow> {
  const conditions: Partial<Mutable<PriceRow>> = {};
  for (const condition of text.split(' ')) {
    const sign = condition.charAt(0);
    const value = condition.slice(1);
    if (sign === '@') conditions.effectiveFrom = value;
    if (sign === '=') conditions.inclusive = true;
    if (sign === '=' || sign === '>') conditions.aboveTokens = Number(value);
    if (sign === '!') conditions.certainty = CERTAINTY_LETTERS[value] ?? 'assumed';
    if (sign === '+') conditions.confirmedBy = sources[Number(value)] ?? '';
    if (sign === '?') conditions.assumed = TOKEN_KINDS.filter((_, index) => value.includes(String(index)));
  }
  return conditions;
}

/**
 * Reads a model's rows, separated by `/`. A row is `scopes;tier;source;rates` and, where they apply, `;conditions;units`.
 * A tier letter in upper case says that `rates` holds pairs `regions=rates` separated by commas. Rates may be
 * multiples of the last standard row for all Regions.
 */
export function readRows(text: string, sources: readonly string[]): PriceRow[] {
  const rows: PriceRow[] = [];
  let base: Rates = {};
  for (const row of text === '' ? [] : text.split('/')) {
    const [scopes = '', letter = '', sourceIndex = '', packedRates = '', conditions = '', units = ''] =
      row.split(';');
    const source = sources[Number(sourceIndex)] ?? '';
    const byRegion = letter !== letter.toLowerCase();
    const shared = {
      tier: TIER_LETTERS[letter.toLowerCase()] ?? 'standard',
      source,
      certainty: certaintyOf(source),
      ...readConditions(conditions, sources),
      ...(units === '' ? {} : { units: Object.fromEntries(units.split(' ').map((unit) => unit.split('='))) }),
    };
    let nextBase = base;
    for (const part of byRegion ? packedRates.split(',') : [`=${packedRates}`]) {
      const [letters = '', regionRates = ''] = part.split('=');
      const rates = readRates(regionRates, base);
      if (letter === 's' && shared.aboveTokens === undefined) nextBase = rates;
      const places = byRegion ? readRegions(letters).map((region) => ({ region })) : [{}];
      for (const place of places) {
        for (const scope of scopes)
          rows.push({ scope: SCOPE_LETTERS[scope] ?? 'inRegion', ...place, rates, ...shared });
      }
    }
    base = nextBase;
  }
  return withUnknownTiers(rows);
}

/**
 * A Region with a standard rate of its own but none for another tier: the rate of that tier is not known there, and
 * the base Region's must not stand in. An empty row says so.
 */
function withUnknownTiers(rows: PriceRow[]): PriceRow[] {
  const known = new Set(rows.map(({ scope, region, tier }) => `${scope} ${region} ${tier}`));
  const elsewhere = rows.filter(({ region, tier }) => region === undefined && tier !== 'standard');
  for (const row of rows.filter(({ region, tier }) => region !== undefined && tier === 'standard')) {
    for (const { scope, tier } of elsewhere) {
      const key = `${row.scope} ${row.region} ${tier}`;
      if (scope !== row.scope || known.has(key)) continue;
      known.add(key);
      rows.push({ ...row, tier, rates: {} });
    }
  }
  return rows;
}
