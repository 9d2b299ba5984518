import {
  CAPABILITY_FIELDS,
  CERTAINTY_LETTERS,
  FLAG_COUNT,
  readRegions,
  SCOPE_LETTERS,
  SECTION_LETTERS,
} from './packed-letters.js';
import { readRows } from './packed-prices.js';
import type { CacheRules, Capabilities, CatalogueModel, Certainty, Dialect, Lifecycle } from './types.js';

type Traits = Readonly<Record<string, string>>;

const certainty = (letter = 'd'): Certainty => CERTAINTY_LETTERS[letter] ?? 'assumed';
const list = (text = '', separator = ','): readonly string[] => (text === '' ? [] : text.split(separator));

/** `1024,4,,5m+1h,tsm,ei,d`: minimum, points, maximum, times to live, places, explicit and implicit, certainty. */
function readCache(text: string): CacheRules {
  const [minTokens, maxPoints, maxTokens = '', ttls, sections = '', ways = '', sure] = text.split(',');
  return {
    minTokens: Number(minTokens),
    maxPoints: Number(maxPoints),
    ...(maxTokens === '' ? {} : { maxTokens: Number(maxTokens) }),
    ttls: list(ttls, '+') as CacheRules['ttls'],
    sections: [...sections].map((letter) => SECTION_LETTERS[letter] ?? 'messages'),
    explicit: ways.includes('e'),
    implicit: ways.includes('i'),
    certainty: certainty(sure),
  };
}

function readCapabilities({ f: flags = '', t, h, b, c: cache = '', a: assumed, y }: Traits): Capabilities {
  return {
    ...Object.fromEntries(
      CAPABILITY_FIELDS.slice(0, FLAG_COUNT).map((field, index) => [field, flags[index] === '1']),
    ),
    tiers: list(t),
    thinking: h,
    outputBurndown: Number(b),
    ...(cache === '' ? {} : { cache: readCache(cache) }),
    ...(assumed === undefined
      ? {}
      : { assumed: [...assumed].map((digit) => CAPABILITY_FIELDS[Number.parseInt(digit, 16)]) }),
    certainty: certainty(y),
  } as unknown as Capabilities;
}

function readLifecycle({ l: legacyFrom, x: extendedAccessFrom, e: endOfLife, v }: Traits): Lifecycle {
  return {
    ...(legacyFrom === undefined ? {} : { legacyFrom }),
    ...(extendedAccessFrom === undefined ? {} : { extendedAccessFrom }),
    ...(endOfLife === undefined ? {} : { endOfLife }),
    ...(v === undefined ? {} : { certainty: certainty(v) }),
  };
}

/** The profile prefix of a scope: `us` of `geo:us`. */
function profileOf(letter: string): string {
  const scope = SCOPE_LETTERS[letter] ?? '';
  return scope === 'govcloud' ? 'us-gov' : scope.replace('geo:', '');
}

/**
 * A model of the generated catalogue as the rest of the package knows it.
 *
 * @param text - traits of the family, then of the model: a letter and a value each, separated by spaces; the last wins.
 * @param prices - see `readRows`.
 */
export function readModel(
  id: string,
  text: string,
  prices: string,
  sources: readonly string[],
): CatalogueModel {
  const traits: Traits = Object.fromEntries(
    text.split(' ').map((trait) => [trait.charAt(0), trait.slice(1)]),
  );
  const { w: contextWindow, m: maxOutputTokens, r: inRegion, p: pricedRegions } = traits;
  return {
    id,
    provider: id.slice(0, id.indexOf('.')),
    kind: (traits['k'] ?? 'text') as CatalogueModel['kind'],
    dialect: traits['d'] as Dialect,
    ...(contextWindow === undefined ? {} : { contextWindow: Number(contextWindow) }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens: Number(maxOutputTokens) }),
    profiles: [...(traits['g'] ?? '')].map(profileOf),
    ...(inRegion === undefined ? {} : { inRegion: readRegions(inRegion) }),
    ...(pricedRegions === undefined
      ? {}
      : { pricedRegions: readRegions(pricedRegions === '=' ? (inRegion ?? '') : pricedRegions) }),
    usageSemantics: traits['u'] === 'g' ? 'gross' : 'net',
    capabilities: readCapabilities(traits),
    lifecycle: readLifecycle(traits),
    prices: readRows(prices, sources),
  };
}
