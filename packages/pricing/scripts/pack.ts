import { createHash } from 'node:crypto';
import {
  CERTAINTY_LETTERS,
  certaintyOf,
  SCOPE_LETTERS,
  TIER_LETTERS,
  TOKEN_KINDS,
} from '../src/packed-letters.js';
import { readRates } from '../src/packed-prices.js';
import type { Rates } from '../src/types.js';
import { letterOf, packFamily, packTraits, regionLetter } from './pack-traits.js';
import type { ModelEntry, PriceEntry, ProviderFile, SourcesFile } from './provider-file.js';

function indexOf(sources: readonly string[], source: string): number {
  const index = sources.indexOf(source);
  if (index === -1) throw new Error(`source "${source}" is not in sources.json`);
  return index;
}

const FACTORS = ['.5', '1.75', '1.1', '1.2', '1.03', '1.18', '1.55', '2', '2 1.5', '5'].flatMap((factor) => [
  `*${factor}`,
  `*${factor}:2`,
]);

/** The shorter of the rates themselves and a multiple of `base` that reads back as exactly the same. */
function packShortest(rates: Readonly<Record<string, string>>, base: Rates): string {
  const plain = packRates(rates);
  const wanted = JSON.stringify(readRates(plain, {}));
  const multiple = FACTORS.find((factor) => JSON.stringify(readRates(factor, base)) === wanted);
  return multiple !== undefined && multiple.length < plain.length ? multiple : plain;
}

function packRates(rates: Readonly<Record<string, string>>): string {
  return TOKEN_KINDS.map((kind) => rates[kind]?.replace(/^0\./, '.') ?? '')
    .join(' ')
    .trimEnd();
}

/** The rates of an entry by Region; `undefined` stands for every Region. */
export function ratesByRegion(entry: PriceEntry): [string | undefined, Readonly<Record<string, string>>][] {
  const { regions, columns = [] } = entry;
  if (regions === undefined) return [[undefined, entry.usdPerMillion ?? {}]];
  return Object.entries(regions).map(([region, numbers]) => {
    const values = numbers.split(' ');
    if (values.length !== columns.length) throw new Error(`${region}: "${numbers}" does not fit the columns`);
    return [region, Object.fromEntries(columns.map((kind, index) => [kind, values[index] ?? '']))];
  });
}

/** Regions with the same rates stand together. */
function packRatesByRegion(entry: PriceEntry, base: Rates): string {
  const regionsOfRates = new Map<string, string>();
  for (const [region, rates] of ratesByRegion(entry)) {
    const text = packShortest(rates, base);
    regionsOfRates.set(
      text,
      (regionsOfRates.get(text) ?? '') + (region === undefined ? '' : regionLetter(region)),
    );
  }
  return [...regionsOfRates]
    .map(([rates, letters]) => (letters === '' ? rates : `${letters}=${rates}`))
    .join(',');
}

function packRow(entry: PriceEntry, sources: readonly string[], base: Rates): string {
  const letter = letterOf(TIER_LETTERS, entry.tier);
  const conditions = [
    entry.effectiveFrom === 'launch' ? '' : `@${entry.effectiveFrom}`,
    entry.aboveTokens === undefined ? '' : `${entry.inclusive === true ? '=' : '>'}${entry.aboveTokens}`,
    certaintyOf(entry.source) === entry.certainty ? '' : `!${letterOf(CERTAINTY_LETTERS, entry.certainty)}`,
    entry.confirmedBy === undefined ? '' : `+${indexOf(sources, entry.confirmedBy)}`,
    entry.assumed === undefined ? '' : `?${entry.assumed.map((kind) => TOKEN_KINDS.indexOf(kind)).join('')}`,
  ];
  return [
    entry.scopes.map((scope) => letterOf(SCOPE_LETTERS, scope)).join(''),
    entry.regions === undefined ? letter : letter.toUpperCase(),
    indexOf(sources, entry.source),
    packRatesByRegion(entry, base),
    conditions.filter((condition) => condition !== '').join(' '),
    Object.entries(entry.usdPerUnit ?? {})
      .map(([unit, usd]) => `${unit}=${usd}`)
      .join(' '),
  ]
    .join(';')
    .replace(/;+$/, '');
}

function packPrices(model: ModelEntry, sources: readonly string[]): string {
  let base: Rates = {};
  const rows = model.prices.map((entry) => {
    const row = packRow(entry, sources, base);
    const isBase =
      entry.tier === 'standard' && entry.regions === undefined && entry.aboveTokens === undefined;
    if (isBase) base = readRates(packRates(entry.usdPerMillion ?? {}), {});
    return row;
  });
  return rows.join('/');
}

const HEAD = '// Written by scripts/generate.ts from data/*.json. Change those and run it again.';

const constant = (name: string, lines: readonly string[]): string =>
  `export const ${name}: string = \`${lines.join('\n')}\`;`;

/** The text of `src/names.generated.ts`: apart from the rest, because no call needs it. */
export function packNames(providers: readonly ProviderFile[]): string {
  const names = providers.flatMap(({ models }) => models.map(({ name }) => name));
  return [HEAD, constant('NAMES', names), ''].join('\n');
}

/** The text of `src/refusals.generated.ts`: apart from the rest, because it says nothing of prices. */
export function packRefusals(providers: readonly ProviderFile[]): string {
  const lines = providers.flatMap(({ families, models }) =>
    models.flatMap(({ id, family, refuses = families[family]?.refuses ?? [] }) =>
      refuses.length === 0 ? [] : [[id, ...refuses].join(' ')],
    ),
  );
  return [HEAD, constant('REFUSALS', lines), ''].join('\n');
}

/** The text of `src/catalogue.generated.ts`. */
export function packCatalogue(providers: readonly ProviderFile[], sourcesFile: SourcesFile): string {
  const prices = providers.flatMap(({ models }) => models.flatMap((model) => model.prices));
  const named = new Set(prices.flatMap(({ source, confirmedBy }) => [source, confirmedBy]));
  const sources = Object.keys(sourcesFile).filter((source) => named.has(source));
  const families: string[] = [];
  const columns: Record<'IDS' | 'PRICES' | 'TRAITS', string[]> = {
    IDS: [],
    PRICES: [],
    TRAITS: [],
  };
  for (const provider of providers) {
    const indexes = new Map<string, number>();
    for (const [name, family] of Object.entries(provider.families)) {
      indexes.set(name, families.push(packFamily(family)) - 1);
    }
    for (const model of provider.models) {
      const family = provider.families[model.family];
      if (family === undefined) throw new Error(`${model.id}: family "${model.family}" is not in the file`);
      columns.IDS.push(model.id);
      columns.PRICES.push(packPrices(model, sources));
      columns.TRAITS.push(`${indexes.get(model.family)} ${packTraits(model, family)}`.trimEnd());
    }
  }
  const dates = sources.map((source) => sourcesFile[source]?.date ?? '');
  // A rule ("derived") is no reading of a price.
  const readings = dates.filter((_, index) => sources[index] !== 'derived');
  const asOf = readings.sort().at(-1) ?? '';
  const hash = createHash('sha256')
    .update(JSON.stringify([packNames(providers), families, columns]))
    .digest('hex')
    .slice(0, 8);
  return [
    HEAD,
    '/** Date of the newest source in the catalogue. */',
    `export const PRICES_AS_OF: string = '${asOf}';`,
    '/** Names one state of the catalogue: date of the newest source and a hash of the content. */',
    `export const PRICE_VERSION: string = '${asOf}+${hash}';`,
    constant(
      'SOURCES',
      sources.map((source, index) => `${source} ${dates[index]}`),
    ),
    constant('FAMILIES', families),
    ...Object.entries(columns).map(([name, lines]) => constant(name, lines)),
    '',
  ].join('\n');
}

/** The text of `src/capacity.generated.ts`. */
export function packCapacity(providers: readonly ProviderFile[]): string {
  const lines = providers.flatMap(({ models }) =>
    models.flatMap(({ id, capacity = [] }) => {
      const rates = capacity.flatMap(({ scopes, ...rate }) =>
        scopes === undefined ? [rate] : scopes.map((scope) => ({ ...rate, scope })),
      );
      return rates.length === 0 ? [] : [`  [${JSON.stringify(id)}, ${JSON.stringify(rates)}],`];
    }),
  );
  return [
    HEAD,
    "import type { CapacityRate } from './capacity-cost.js';",
    'export const CAPACITY: ReadonlyMap<string, readonly CapacityRate[]> = new Map<string, readonly CapacityRate[]>([',
    ...lines,
    ']);',
    '',
  ].join('\n');
}
