import type { PriceRow } from '../types.js';

/** What one usage type counts, as far as its text says it. */
export interface Meter {
  /** The billing code in front (`USE1`), which names a Region. */
  readonly regionCode?: string;
  /** What stands for the model: a billing name (`NovaLite`) or a model id. Marketplace dimensions have none. */
  readonly model?: string;
  /** A price of the `bedrock-mantle` endpoint, not of `bedrock-runtime`. */
  readonly mantle: boolean;
  readonly counts: 'input' | 'output' | 'cacheRead' | 'cacheWrite';
  /** How long a cache write lives; absent: the model's default. */
  readonly ttl?: '5m' | '1h' | '30m';
  /** `regional`: in the Region itself and through geographic profiles. */
  readonly place: 'regional' | 'global' | 'custom';
  readonly tier: PriceRow['tier'];
  /** The price of prompts above the model's threshold; the text does not say where that is. */
  readonly longContext: boolean;
}

type Qualities = Pick<Meter, 'ttl' | 'place' | 'tier' | 'longContext' | 'mantle'>;

/** What may follow (or, in AWS's newer names, precede) the count, each at most once, in any order. */
const QUALIFIERS: readonly (readonly [pattern: RegExp, quality: Partial<Qualities>])[] = [
  [/^(cross-region-)?global/, { place: 'global' }],
  [/^(cross-region-)?geo/, { place: 'regional' }],
  [/^custom-model/, { place: 'custom' }],
  [/^standard/, { tier: 'standard' }],
  [/^batch/, { tier: 'batch' }],
  [/^flex/, { tier: 'flex' }],
  [/^priority/, { tier: 'priority' }],
  [/^latency-?optimized/, { tier: 'latencyOptimized' }],
  [/^(long-?(context|ctx)|lctx)/, { longContext: true }],
  [/^5m/, { ttl: '5m' }],
  [/^1h/, { ttl: '1h' }],
  [/^30m/, { ttl: '30m' }],
];

/** Reads `-cross-region-global-batch`; `undefined` when a word is unknown or says what another word has said. */
export function readQualifiers(text: string): Partial<Qualities> | undefined {
  const found: Partial<Qualities> = {};
  let rest = text;
  while (rest !== '') {
    const word = rest.slice(1);
    const match = QUALIFIERS.find(([pattern]) => pattern.test(word));
    if (match === undefined) return undefined;
    const [pattern, quality] = match;
    if (Object.keys(quality).some((name) => name in found)) return undefined;
    Object.assign(found, quality);
    rest = word.replace(pattern, '');
    if (rest !== '' && !rest.startsWith('-')) return undefined;
  }
  return found;
}

const COUNTS: Readonly<Record<string, Meter['counts']>> = {
  input: 'input',
  output: 'output',
  response: 'output',
  'cache-read': 'cacheRead',
  'cached-input': 'cacheRead',
  'cache-write': 'cacheWrite',
};

function meterOf(
  count: string,
  qualifiers: string,
  named: Pick<Meter, 'regionCode' | 'model'> & Partial<Qualities>,
): Meter | undefined {
  const counts = COUNTS[count];
  const qualities = readQualifiers(qualifiers);
  if (counts === undefined || qualities === undefined) return undefined;
  if (qualities.ttl !== undefined && counts !== 'cacheWrite') return undefined;
  if (named.tier !== undefined && qualities.tier !== undefined) return undefined;
  return {
    counts,
    place: 'regional',
    tier: 'standard',
    longContext: false,
    mantle: false,
    ...named,
    ...qualities,
  };
}

/** `USE1-NovaLite-cache-read-input-token-count-cross-region-global`, `USE1-xai.grok-4.6-mantle-input-tokens-standard` */
const OWN =
  /^([A-Z]{2,3}\d?)-(.+?)(-mantle)?-(?:text-)?(input|output|cache-read|cache-write|cached-input)(?:-input)?-token(?:s|-count)?((?:-[a-z0-9]+)*)$/;

function readOwn(usageType: string): Meter | undefined {
  const match = OWN.exec(usageType);
  if (match === null) return undefined;
  const [, regionCode = '', model = '', mantle, count = '', qualifiers = ''] = match;
  const optimized = /-latency-?optimized$/i;
  return meterOf(count, qualifiers, {
    regionCode,
    model: model.replace(optimized, ''),
    mantle: mantle !== undefined,
    ...(optimized.test(model) ? { tier: 'latencyOptimized' } : {}),
  });
}

/** `CacheWrite1hInputTokenCount_Global_Batch`; the older of the two ways in which Marketplace names what it counts. */
const CAMEL = /^(?:(Input|Output)|(CacheRead|CacheWrite)(5m|1h|30m)?Input)TokenCount((?:_[A-Za-z0-9]+)*)$/;
/** `MillionBatchInputTokens` */
const MILLION = /^Million(Batch)?(Input|Output|Response)Tokens$/;
/** `cache_write_tokens_1h_long_ctx_global_standard` */
const SNAKE = /^(input|output|cache_read|cached_input|cache_write)_tokens((?:_[a-z0-9]+)*)$/;

const dashed = (text: string): string => text.replaceAll('_', '-').toLowerCase();

/**
 * Reads the name of a Marketplace dimension, as rate cards of agreements carry it: `USE1_InputTokenCount_Global`,
 * `USE1_input_tokens_long_ctx_standard`, or without a Region.
 */
export function readDimension(dimension: string): Meter | undefined {
  const [, regionCode, name = ''] = /^(?:([A-Z]{2,3}\d?)_)?(.+)$/.exec(dimension) ?? [];
  const named = regionCode === undefined ? {} : { regionCode };
  const million = MILLION.exec(name);
  if (million !== null) {
    const [, batch, count = ''] = million;
    return meterOf(count.toLowerCase(), batch === undefined ? '' : '-batch', named);
  }
  const camel = CAMEL.exec(name);
  if (camel !== null) {
    const [, plain = '', cache = '', ttl = '', qualifiers = ''] = camel;
    const count = `${plain}${cache.replace('Cache', 'Cache-')}`.toLowerCase();
    return meterOf(count, `${ttl && `-${ttl}`}${dashed(qualifiers)}`, named);
  }
  const snake = SNAKE.exec(name);
  if (snake === null) return undefined;
  const [, count = '', qualifiers = ''] = snake;
  return meterOf(dashed(count), dashed(qualifiers), named);
}

/** `USE1-MP:USE1_InputTokenCount_Global-Units` */
const MARKETPLACE = /^([A-Z]{2,3}\d?)-MP:(.+)-Units$/;

/**
 * Reads a usage type of the price list, which is also the usage type of a bill. Strict: a word that it does not know
 * makes the whole text unknown, because a skipped `-batch` is half the price.
 */
export function readUsageType(usageType: string): Meter | undefined {
  const marketplace = MARKETPLACE.exec(usageType);
  if (marketplace === null) return readOwn(usageType);
  const [, regionCode = '', dimension = ''] = marketplace;
  const meter = readDimension(dimension);
  if (meter === undefined || (meter.regionCode ?? regionCode) !== regionCode) return undefined;
  return { ...meter, regionCode };
}
