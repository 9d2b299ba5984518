import { createHash } from 'node:crypto';
import { certaintyOf, type PackedModel, type PackedRest, TOKEN_KINDS } from '../src/packed.js';
import type { ModelEntry, PriceEntry, ProviderFile, SourcesFile } from './provider-file.js';

function packRates(rates: Readonly<Record<string, string>>): string {
  const unknown = Object.keys(rates).filter((kind) => !(TOKEN_KINDS as readonly string[]).includes(kind));
  if (unknown.length > 0) throw new Error(`unknown token kind "${unknown.join('", "')}"`);
  return TOKEN_KINDS.map((kind) => rates[kind]?.replace(/^0\./, '.') ?? '')
    .join(' ')
    .trimEnd();
}

function packRow(entry: PriceEntry, sources: readonly string[]): string {
  const byRegion = entry.regions !== undefined;
  const rates = byRegion
    ? Object.entries(entry.regions)
        .map(([region, numbers]) => {
          const values = numbers.split(' ');
          const columns = entry.columns ?? [];
          if (values.length !== columns.length)
            throw new Error(`${region}: ${numbers} does not fit the columns`);
          return `${region}=${packRates(Object.fromEntries(columns.map((kind, index) => [kind, values[index] ?? ''])))}`;
        })
        .join(',')
    : packRates(entry.usdPerMillion ?? {});
  const conditions = [
    entry.effectiveFrom === 'launch' ? '' : `@${entry.effectiveFrom}`,
    entry.aboveTokens === undefined ? '' : `${entry.inclusive === true ? '=' : '>'}${entry.aboveTokens}`,
    certaintyOf(entry.source) === entry.certainty ? '' : `!${entry.certainty}`,
  ].filter((condition) => condition !== '');
  const letter = entry.tier.charAt(0);
  const source = sources.indexOf(entry.source);
  if (source === -1) throw new Error(`source "${entry.source}" is not in sources.json`);
  const units = Object.entries(entry.usdPerUnit ?? {}).map(([unit, usd]) => `${unit}=${usd}`);
  return [
    entry.scopes.join(' '),
    byRegion ? letter.toUpperCase() : letter,
    source,
    rates,
    conditions.join(' '),
    units.join(' '),
  ]
    .join(';')
    .replace(/;+$/, '');
}

function packModel(
  model: ModelEntry,
  provider: ProviderFile,
  familyIndex: number,
  sources: readonly string[],
): string {
  const family = provider.families[model.family];
  if (family === undefined) throw new Error(`${model.id}: family "${model.family}" is not in the file`);
  const rest: PackedRest = {
    ...(model.kind === undefined ? {} : { kind: model.kind }),
    ...(model.dialect === undefined ? {} : { dialect: model.dialect }),
    ...(model.inRegion === undefined ? {} : { inRegion: model.inRegion }),
    ...(model.usageSemantics === undefined ? {} : { usageSemantics: model.usageSemantics }),
    ...(model.capabilities === undefined ? {} : { capabilities: model.capabilities }),
    ...(model.lifecycle === undefined ? {} : { lifecycle: model.lifecycle }),
  };
  const packed: PackedModel = [
    model.id,
    model.name,
    familyIndex,
    model.contextWindow ?? 0,
    model.maxOutputTokens ?? 0,
    model.profiles.join(' '),
    model.prices.map((entry) => packRow(entry, sources)),
    ...(Object.keys(rest).length === 0 ? ([] as const) : ([rest] as const)),
  ];
  return JSON.stringify(packed);
}

/** The text of `src/catalogue.generated.ts`. */
export function packCatalogue(providers: readonly ProviderFile[], sourcesFile: SourcesFile): string {
  const sources = Object.keys(sourcesFile);
  const families: unknown[] = [];
  const lines: string[] = [];
  for (const provider of providers) {
    const indexes = new Map<string, number>();
    for (const [name, { kind = 'text', dialect, capabilities }] of Object.entries(provider.families)) {
      indexes.set(name, families.push({ kind, dialect, capabilities }) - 1);
    }
    for (const model of provider.models) {
      lines.push(packModel(model, provider, indexes.get(model.family) ?? -1, sources));
    }
  }
  const used = new Set(
    providers.flatMap(({ models }) => models.flatMap(({ prices }) => prices.map(({ source }) => source))),
  );
  const asOf =
    [...used]
      .map((source) => sourcesFile[source]?.date ?? '')
      .sort()
      .at(-1) ?? '';
  const text = lines.join('\n');
  const hash = createHash('sha256').update(JSON.stringify(families)).update(text).digest('hex').slice(0, 8);
  return [
    '// Written by scripts/generate.ts from data/*.json. Change those and run it again.',
    "import type { PackedFamily } from './packed.js';",
    `export const PRICES_AS_OF: string = '${asOf}';`,
    `export const PRICE_VERSION: string = '${asOf}+${hash}';`,
    `export const SOURCES: readonly string[] = ${JSON.stringify(sources)};`,
    `export const FAMILIES: readonly PackedFamily[] = [\n${families.map((family) => JSON.stringify(family)).join(',\n')}\n];`,
    `export const MODELS: string = \`${text}\`;`,
    '',
  ].join('\n');
}
