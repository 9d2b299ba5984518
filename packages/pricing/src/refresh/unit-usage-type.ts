import { type Meter, readQualifiers } from './usage-type.js';

/** What one usage type counts that is no token of text. */
export interface UnitMeter extends Pick<Meter, 'regionCode' | 'model' | 'place' | 'tier'> {
  /** The catalogue's name of what it counts. */
  readonly unit: string;
  /** What the price list may give the price for. */
  readonly measure: Measure;
}

type Measure = 'image' | 'second' | 'search' | 'token';

/** A word of a usage type, and the unit of the catalogue that it stands for. */
type UnitWord = readonly [pattern: RegExp, measure: Measure, unit: (match: RegExpExecArray) => string];

const HEIGHT_OF: Readonly<Record<string, string>> = { HD: '720p', SD: '540p' };
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** `USE1-NovaCanvas-T2I-1024-Standard`, `USW2-Ray-V2-Medfps-HDRes`, `USE1-NovaSonic-speech-input-tokens` */
const OWN_WORDS: readonly UnitWord[] = [
  // From text or from an image: the catalogue has one price for both.
  [/^[TI]2I-(1024|2048)-(Standard|Premium)/, 'image', ([, size, quality]) => `image${quality}${size}`],
  [/^(?:[TI]2V-)?[A-Z][a-z]+fps-(HD|SD)Res/, 'second', ([, res = '']) => `videoSecond${HEIGHT_OF[res]}`],
  [/^searchunits/, 'search', () => 'query'],
  [/^speech-(input|output)-tokens/, 'token', ([, way = '']) => `speech${capital(way)}Token`],
  [
    /^(input|output)-(audio|image|video)-token-count/,
    'token',
    ([, way = '', of]) => `${of}${capital(way)}Token`,
  ],
  [/^input-document-image/, 'image', () => 'documentImage'],
  [/^input-(?:standard-)?image/, 'image', () => 'image'],
  [/^input-(audio|video)-second/, 'second', ([, of]) => `${of}Second`],
];

/** `USE1_created_image`, `USE1_search_units`, `USE1_inputVideoSecond_Global` */
const MARKETPLACE_WORDS: readonly UnitWord[] = [
  [/^created_image/i, 'image', () => 'image'],
  [/^inputImageCount/i, 'image', () => 'image'],
  [/^search_units/i, 'search', () => 'query'],
  [/^input(Audio|Video)Second/i, 'second', ([, of = '']) => `${of.toLowerCase()}Second`],
];

type Named = Pick<UnitMeter, 'regionCode' | 'model'>;

/** Reads the words behind the model; `undefined` when they are in no known form. */
function meterOf(text: string, words: readonly UnitWord[], named: Named): UnitMeter | undefined {
  for (const [pattern, measure, unitOf] of words) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const rest = text.slice(match[0].length);
    const qualities = readQualifiers(rest.replaceAll('_', '-').toLowerCase());
    if (qualities === undefined || qualities.ttl !== undefined || qualities.longContext === true)
      return undefined;
    const { place = 'regional', tier = 'standard' } = qualities;
    return { ...named, unit: unitOf(match), measure, place, tier };
  }
  return undefined;
}

/** Reads the name of a Marketplace dimension, with or without a Region. */
export function readUnitDimension(dimension: string): UnitMeter | undefined {
  const [, regionCode, name = ''] = /^(?:([A-Z]{2,3}\d?)_)?(.+)$/.exec(dimension) ?? [];
  return meterOf(name, MARKETPLACE_WORDS, regionCode === undefined ? {} : { regionCode });
}

/**
 * Reads a usage type that counts images, seconds, searches, or tokens of sound or pictures. As strict as the reading of
 * tokens: what it does not know makes the whole text unknown.
 */
export function readUnitUsageType(usageType: string): UnitMeter | undefined {
  const [, code, dimension] = /^([A-Z]{2,3}\d?)-MP:(.+)-Units$/.exec(usageType) ?? [];
  if (code !== undefined && dimension !== undefined) {
    const meter = readUnitDimension(dimension);
    return meter === undefined || (meter.regionCode ?? code) !== code
      ? undefined
      : { ...meter, regionCode: code };
  }
  const [, regionCode, rest = ''] = /^([A-Z]{2,3}\d?)-(.+)$/.exec(usageType) ?? [];
  if (regionCode === undefined) return undefined;
  // The model's name has hyphens of its own: the first place where a known word begins.
  for (let at = rest.indexOf('-'); at !== -1; at = rest.indexOf('-', at + 1)) {
    const meter = meterOf(rest.slice(at + 1), OWN_WORDS, { regionCode, model: rest.slice(0, at) });
    if (meter !== undefined) return meter;
  }
  return undefined;
}

/** How the price list writes what a price is for. */
const LISTED_UNITS: Readonly<Record<Exclude<Measure, 'token'>, Readonly<Record<string, bigint>>>> = {
  image: { image: 1n, images: 1n, imagesprocessed: 1n, units: 1n },
  // Nova Reel's "video" is a second of it.
  second: { second: 1n, seconds: 1n, video: 1n, '1kseconds': 1_000n, units: 1n },
  search: { searchunits: 1n, '1ksearchunits': 1_000n, units: 1n },
};

/** How many of what is measured one listed unit stands for; `undefined`: it is given for something else. */
export function measuredPerUnit(measure: Exclude<Measure, 'token'>, unit: string): bigint | undefined {
  const name = unit.toLowerCase().replaceAll(/[\s,]/g, '');
  const counts = LISTED_UNITS[measure];
  return Object.hasOwn(counts, name) ? counts[name] : undefined;
}
