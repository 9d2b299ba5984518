/**
 * The alphabet of the generated catalogue: what its letters stand for, for the script that writes it and for the
 * code that reads it.
 * @module
 */
import type { Capabilities, Certainty, PriceRow, Scope, TokenKind } from './types.js';

/** Order of the token kinds in packed rates. */
export const TOKEN_KINDS: readonly TokenKind[] = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'cacheWrite30m',
];

/** One letter per scope. */
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

/** One letter per tier; upper case where the rates of a row are by Region. */
export const TIER_LETTERS: Readonly<Record<string, PriceRow['tier']>> = {
  s: 'standard',
  b: 'batch',
  f: 'flex',
  p: 'priority',
  l: 'latencyOptimized',
};

/** One letter per certainty. */
export const CERTAINTY_LETTERS: Readonly<Record<string, Certainty>> = {
  d: 'documented',
  y: 'typed',
  o: 'observed',
  t: 'third-party',
  a: 'assumed',
};

/** One letter per place of a cache point. */
export const SECTION_LETTERS: Readonly<Record<string, 'tools' | 'system' | 'messages'>> = {
  t: 'tools',
  s: 'system',
  m: 'messages',
};

/** Regions of the price list; a Region is the letter at its place in {@link REGION_LETTERS}. Append only. */
export const REGIONS: readonly string[] = (
  'us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 ca-west-1 sa-east-1 mx-central-1 eu-central-1 eu-central-2 ' +
  'eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 af-south-1 ' +
  'ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ' +
  'ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 us-gov-east-1 us-gov-west-1'
).split(' ');

/** One letter per entry of {@link REGIONS}. */
export const REGION_LETTERS: string = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Capabilities that are yes or no, in the order of their digits, then the others that can be assumed. */
export const CAPABILITY_FIELDS: readonly (keyof Capabilities)[] = [
  'converse',
  'streaming',
  'tools',
  'images',
  'documents',
  'systemPrompts',
  'structuredOutput',
  'batch',
  'countTokens',
  'tiers',
  'thinking',
  'outputBurndown',
  'cache',
];

/** How many of {@link CAPABILITY_FIELDS} are yes or no. */
export const FLAG_COUNT = 9;

/** Certainty of a source's rows where a row does not say otherwise. */
export function certaintyOf(source: string): Certainty {
  return source.startsWith('aws-') ? 'documented' : source === 'derived' ? 'assumed' : 'third-party';
}

/** The Regions that a text of letters stands for. */
export function readRegions(letters: string): readonly string[] {
  return [...letters].map((letter) => REGIONS[REGION_LETTERS.indexOf(letter)] ?? '');
}
