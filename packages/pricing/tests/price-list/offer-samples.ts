import { CATALOGUE } from '../../src/catalogue.js';
import type { CatalogueModel, PriceRow, Scope, TokenKind } from '../../src/index.js';
import { currentPrice } from '../../src/refresh/current-price.js';
import { scopesOf } from '../../src/refresh/listed-scopes.js';
import { isTokenKind, type KnownRates } from '../../src/refresh/price-kinds.js';
import { codeOfRegion } from '../../src/refresh/region-codes.js';
import { unitLine } from './unit-samples.js';

/** One line of a made price list. */
export interface SampleLine {
  readonly offer: 'AmazonBedrock' | 'AmazonBedrockFoundationModels';
  readonly region: string;
  readonly usageType: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly unit: string;
  readonly usd: string;
  readonly effectiveDate?: string;
}

/** Which grammar a model's lines are written in. */
export type Grammar = 'own' | 'mantle' | 'camel' | 'snake';

const GLOBAL_REGIONS = ['us-east-1', 'eu-west-1', 'ap-northeast-1'];
/** Regions that between them can call every geographic profile. */
const ONE_PRICE_REGIONS = [
  'us-east-1',
  'us-west-2',
  'ca-central-1',
  'eu-west-1',
  'eu-central-1',
  'ap-northeast-1',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-2',
];
const GOVCLOUD = ['us-gov-west-1', 'us-gov-east-1'];

const MARKETPLACE = new Set(['anthropic', 'cohere', 'ai21', 'stability', 'twelvelabs', 'luma']);

/** The grammar in which AWS lists a model. */
function grammarOf({ id, provider }: CatalogueModel): Grammar {
  if (MARKETPLACE.has(provider)) return /opus-4-[78]|-5/.test(id) ? 'snake' : 'camel';
  if (/^openai\.gpt-[56]/.test(id)) return 'snake';
  return /^(xai|moonshotai|zai|qwen\.qwen3-(coder-)?next|openai\.gpt-oss-\d+b$)/.test(id) ? 'mantle' : 'own';
}

const OWN_COUNTS: Readonly<Record<TokenKind, string>> = {
  input: 'input-tokens',
  output: 'output-tokens',
  cacheRead: 'cache-read-input-token-count',
  cacheWrite5m: 'cache-write-input-token-count',
  cacheWrite1h: 'cache-write-input-token-count-1h',
  cacheWrite30m: 'cache-write-input-token-count-30m',
};
const MANTLE_COUNTS: Readonly<Record<TokenKind, string>> = {
  input: 'input-tokens',
  output: 'output-tokens',
  cacheRead: 'cache-read-tokens',
  cacheWrite5m: 'cache-write-tokens-5m',
  cacheWrite1h: 'cache-write-tokens-1h',
  cacheWrite30m: 'cache-write-tokens-30m',
};
const CAMEL_COUNTS: Readonly<Record<TokenKind, string>> = {
  input: 'InputTokenCount',
  output: 'OutputTokenCount',
  cacheRead: 'CacheReadInputTokenCount',
  cacheWrite5m: 'CacheWrite5mInputTokenCount',
  cacheWrite1h: 'CacheWrite1hInputTokenCount',
  cacheWrite30m: 'CacheWrite30mInputTokenCount',
};
const SNAKE_COUNTS: Readonly<Record<TokenKind, string>> = {
  input: 'input_tokens',
  output: 'output_tokens',
  cacheRead: 'cache_read_tokens',
  cacheWrite5m: 'cache_write_tokens_5m',
  cacheWrite1h: 'cache_write_tokens_1h',
  cacheWrite30m: 'cache_write_tokens_30m',
};

/** What a line prices. */
export interface SamplePlace {
  readonly place: 'regional' | 'global' | 'custom';
  readonly region: string;
  readonly tier: PriceRow['tier'];
  readonly longContext: boolean;
}

/** A rate as the price list writes it: ten decimals, per 1K or 1M tokens. */
export function listedUsd(picoUsd: number, unit: '1K' | '1M'): string {
  return (picoUsd / (unit === '1K' ? 1e9 : 1e6)).toFixed(10);
}

function usageTypeOf(
  model: CatalogueModel,
  grammar: Grammar,
  kind: TokenKind,
  { place, region, tier, longContext }: SamplePlace,
): string {
  const code = codeOfRegion(region) ?? '';
  const isGlobal = place === 'global';
  const words = (parts: readonly (string | false)[], glue: string): string =>
    parts.filter((part) => part !== false && part !== '').join(glue);
  if (grammar === 'own') {
    const name = (CATALOGUE.get(model.id)?.name ?? model.id).replaceAll(/[^\w.]+/g, '');
    return words(
      [
        code,
        name + (tier === 'latencyOptimized' ? '-LatencyOptimized' : ''),
        OWN_COUNTS[kind],
        longContext && 'long-context',
        isGlobal && 'cross-region-global',
        tier !== 'standard' && tier !== 'latencyOptimized' && tier,
        place === 'custom' && 'custom-model',
      ],
      '-',
    );
  }
  const words4 = {
    standard: 'standard',
    batch: 'batch',
    flex: 'flex',
    priority: 'priority',
    latencyOptimized: 'latency-optimized',
  };
  if (grammar === 'mantle')
    return words(
      [
        code,
        model.id.replace(/-v\d+:\d+$/, ''),
        'mantle',
        MANTLE_COUNTS[kind],
        longContext && 'long-ctx',
        place === 'custom' && 'custom-model',
        isGlobal && 'global',
        words4[tier],
      ],
      '-',
    );
  if (grammar === 'camel')
    return `${code}-MP:${words(
      [
        code,
        CAMEL_COUNTS[kind],
        longContext && 'LCtx',
        isGlobal && 'Global',
        {
          standard: '',
          batch: 'Batch',
          flex: 'Flex',
          priority: 'Priority',
          latencyOptimized: 'LatencyOptimized',
        }[tier],
      ],
      '_',
    )}-Units`;
  return `${code}-MP:${words(
    [
      code,
      SNAKE_COUNTS[kind],
      longContext && 'long_ctx',
      isGlobal && 'global',
      words4[tier].replace('-', '_'),
    ],
    '_',
  )}-Units`;
}

/** The lines of one price, one for each kind of token and for each unit. */
export function linesOf(
  model: CatalogueModel,
  rates: KnownRates,
  place: SamplePlace,
  grammar: Grammar = grammarOf(model),
): SampleLine[] {
  const isMarketplace = grammar === 'camel' || grammar === 'snake';
  const name = CATALOGUE.get(model.id)?.name ?? model.id;
  const lineOf = (kind: TokenKind, picoUsd: number): SampleLine => ({
    offer: isMarketplace ? 'AmazonBedrockFoundationModels' : 'AmazonBedrock',
    region: place.region,
    usageType: usageTypeOf(model, grammar, kind, place),
    attributes: isMarketplace
      ? { servicename: `${name} (Amazon Bedrock Edition)` }
      : grammar === 'mantle'
        ? { model: name, service_tier: place.tier }
        : {
            model: name,
            feature:
              place.place === 'custom'
                ? 'Model Customization'
                : place.tier === 'batch'
                  ? 'Batch Inference'
                  : 'On-demand Inference',
          },
    unit: isMarketplace ? 'Units' : '1K tokens',
    usd: listedUsd(picoUsd, isMarketplace ? '1M' : '1K'),
  });
  return Object.entries(rates).map(([kind, picoUsd]) =>
    isTokenKind(kind) ? lineOf(kind, picoUsd) : unitLine(model, kind, picoUsd, place),
  );
}

const TIERS = ['standard', 'batch', 'flex', 'priority', 'latencyOptimized'] as const;

/** Every price of a model, as AWS would list it in every Region where the catalogue knows it. */
export function linesOfModel(model: CatalogueModel): SampleLine[] {
  const { pricedRegions } = model;
  const brackets = [
    undefined,
    model.prices.find(({ aboveTokens }) => aboveTokens !== undefined)?.aboveTokens,
  ];
  const places: [SamplePlace['place'], readonly string[]][] = [
    ['global', GLOBAL_REGIONS],
    ['regional', [...(pricedRegions ?? ONE_PRICE_REGIONS), ...GOVCLOUD]],
    ['custom', ['us-east-1']],
  ];
  const lines: SampleLine[] = [];
  for (const [place, regions] of places) {
    for (const region of regions) {
      for (const tier of TIERS) {
        for (const aboveTokens of new Set(brackets)) {
          const scopes = scopesOf({
            model,
            place,
            region,
            tier,
            longContext: false,
            prices: new Map(),
            isDisputed: false,
          });
          const rates = mostRates(model, scopes, region, tier, aboveTokens);
          lines.push(
            ...linesOf(model, rates, { place, region, tier, longContext: aboveTokens !== undefined }),
          );
        }
      }
    }
  }
  return lines;
}

/** A regional line has one price for the bare id and the profiles; the catalogue may know more kinds for one of them. */
function mostRates(
  model: CatalogueModel,
  scopes: readonly Scope[],
  region: string,
  tier: PriceRow['tier'],
  aboveTokens: number | undefined,
): KnownRates {
  const all = scopes.map(
    (scope) =>
      currentPrice(model, { scope, region, tier, ...(aboveTokens === undefined ? {} : { aboveTokens }) })
        .rates,
  );
  return Object.assign({}, ...all.reverse()) as KnownRates;
}

/** Lines by offer and Region, as the files of the list hold them. */
export function filesOf(lines: readonly SampleLine[]): Map<string, SampleLine[]> {
  const files = new Map<string, SampleLine[]>();
  for (const line of lines) {
    const name = `${line.offer} ${line.region}`;
    files.set(name, [...(files.get(name) ?? []), line]);
  }
  return files;
}
