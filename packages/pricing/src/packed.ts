/**
 * The compact text in which the generated catalogue is stored, and how to read it. One line is one model; a line
 * is read when the model is first asked for, so that an import costs one split.
 * @module
 */
import type { Capabilities, CatalogueModel, Certainty, PriceRow, Rates, Scope, TokenKind } from './types.js';

/** Order of the token kinds in packed rates. */
export const TOKEN_KINDS: readonly TokenKind[] = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'cacheWrite30m',
];

/** A family of the packed catalogue. */
export interface PackedFamily {
  readonly kind: CatalogueModel['kind'];
  readonly dialect: CatalogueModel['dialect'];
  readonly capabilities: Capabilities;
}

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
export type PackedRest = Omit<Partial<CatalogueModel>, 'capabilities' | 'prices'> & {
  readonly capabilities?: { readonly [Field in keyof Capabilities]?: Capabilities[Field] | null };
};

/** Certainty of a source's rows where a row does not say otherwise. */
export function certaintyOf(source: string): Certainty {
  return source.startsWith('aws-') ? 'documented' : source === 'derived' ? 'assumed' : 'third-party';
}

/** Dollars per million tokens, as decimal text, in pico-dollars per token. */
export function picoUsdPerToken(usdPerMillion: string): number {
  return Math.round(Number(usdPerMillion) * 1e6);
}

function readRates(text: string): Rates {
  const rates: { -readonly [Kind in TokenKind]?: number } = {};
  const columns = text.split(' ');
  for (let index = 0; index < columns.length; index += 1) {
    const column = columns[index];
    const kind = TOKEN_KINDS[index];
    if (column !== undefined && column !== '' && kind !== undefined) rates[kind] = picoUsdPerToken(column);
  }
  return rates;
}

const TIERS: Readonly<Record<string, PriceRow['tier']>> = {
  s: 'standard',
  b: 'batch',
  f: 'flex',
  p: 'priority',
  l: 'latencyOptimized',
};

/**
 * Reads one packed row: `scopes;tier;source;rates` and, where they apply, `;conditions;units`. A tier letter in
 * upper case says that `rates` holds `region=rates` pairs separated by commas.
 */
function readRow(text: string, sources: readonly string[], rows: PriceRow[]): void {
  const [scopes = '', tier = '', source = '', rates = '', conditions = '', units = ''] = text.split(';');
  const sourceKey = sources[Number(source)] ?? '';
  const extra: { -readonly [Field in keyof PriceRow]?: PriceRow[Field] } = {};
  for (const condition of conditions.split(' ')) {
    const value = condition.slice(1);
    if (condition.startsWith('@')) extra.effectiveFrom = value;
    else if (condition.startsWith('>')) extra.aboveTokens = Number(value);
    else if (condition.startsWith('=')) Object.assign(extra, { aboveTokens: Number(value), inclusive: true });
    else if (condition.startsWith('!')) extra.certainty = value as Certainty;
  }
  if (units !== '') extra.units = Object.fromEntries(units.split(' ').map((unit) => unit.split('=')));
  const tierName = TIERS[tier.toLowerCase()] ?? 'standard';
  const byRegion = tier !== tier.toLowerCase();
  for (const part of byRegion ? rates.split(',') : [rates]) {
    const [region = '', regionRates = ''] = byRegion ? part.split('=') : ['', part];
    const parsed = readRates(regionRates);
    for (const scope of scopes.split(' ')) {
      rows.push({
        scope: scope as Scope,
        ...(byRegion ? { region } : {}),
        tier: tierName,
        rates: parsed,
        source: sourceKey,
        certainty: certaintyOf(sourceKey),
        ...extra,
      });
    }
  }
}

/** A model's line as the rest of the package knows it. */
export function readModel(
  line: string,
  families: readonly PackedFamily[],
  sources: readonly string[],
): CatalogueModel {
  const [id, name, family, contextWindow, maxOutputTokens, profiles, prices, rest] = JSON.parse(
    line,
  ) as PackedModel;
  const shared = families[family];
  if (shared === undefined) throw new RangeError(`costkit pricing: the catalogue is damaged at "${id}".`);
  const rows: PriceRow[] = [];
  for (const price of prices) readRow(price, sources, rows);
  const { capabilities, ...members } = rest ?? {};
  return {
    id,
    provider: id.slice(0, id.indexOf('.')),
    name,
    kind: shared.kind,
    dialect: shared.dialect,
    ...(contextWindow > 0 ? { contextWindow } : {}),
    ...(maxOutputTokens > 0 ? { maxOutputTokens } : {}),
    profiles: profiles === '' ? [] : profiles.split(' '),
    usageSemantics: 'net',
    lifecycle: {},
    prices: rows,
    ...members,
    capabilities:
      capabilities === undefined ? shared.capabilities : changed(shared.capabilities, capabilities),
  };
}

function changed(capabilities: Capabilities, changes: object): Capabilities {
  const result: Record<string, unknown> = { ...capabilities };
  for (const [field, value] of Object.entries(changes)) {
    if (value === null) delete result[field];
    else result[field] = value;
  }
  return result as unknown as Capabilities;
}
