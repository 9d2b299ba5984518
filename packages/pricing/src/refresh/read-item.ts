import { modelOf as catalogueModelOf } from '../models.js';
import type { PriceRow } from '../types.js';
import type { ModelNames } from './model-names.js';
import { otherThanInference } from './passed-over.js';
import type { PriceDocument, PriceItem } from './price-source.js';
import { regionOfCode } from './region-codes.js';
import { picoUsdPerToken, tokensPerUnit } from './token-price.js';
import { measuredPerUnit, readUnitDimension, readUnitUsageType } from './unit-usage-type.js';
import { type Meter, readDimension, readUsageType } from './usage-type.js';

/** One rate, understood. */
export interface ListedRate {
  readonly model: string;
  readonly place: Meter['place'];
  /** Absent: the same in every Region. */
  readonly region?: string;
  readonly tier: PriceRow['tier'];
  readonly longContext: boolean;
  /** A kind of token, or a unit by the catalogue's name. */
  readonly counts: Meter['counts'] | { readonly unit: string };
  readonly ttl?: Meter['ttl'];
  /** Per token or unit. */
  readonly picoUsd: number;
  readonly mantle: boolean;
  readonly usageType: string;
  readonly effectiveOn?: string;
}

/** What became of an item: a rate; something that the catalogue has no place for; or something nobody taught us. */
export type ItemReading =
  | { readonly rate: ListedRate }
  | { readonly passedOver: string }
  | { readonly unknown: string };

const passedOver = (what: string): ItemReading => ({ passedOver: what });
const unknown = (reason: string): ItemReading => ({ unknown: reason });

/** What the attributes say of the tier; `undefined` when they say nothing, `'none'` when it is no tier of ours. */
function tierOfAttributes({ attributes }: PriceItem): PriceRow['tier'] | 'none' | undefined {
  const tier = (attributes['servicetier'] ?? '')
    .toLowerCase()
    .replace(/^global/, '')
    .trim();
  if (/^(standard|batch|flex|priority)$/.test(tier)) return tier as PriceRow['tier'];
  if (/^latency[- ]?optimi[sz]ed$/.test(tier)) return 'latencyOptimized';
  if (tier !== '') return 'none';
  return /^batch/i.test(attributes['feature'] ?? '') ? 'batch' : undefined;
}

/** The Region of an item: as the product says it, else the file's, else the code in the usage type. */
function regionOf(item: PriceItem, document: PriceDocument, meter: Counted['meter']): string | undefined {
  return (
    item.attributes['regioncode'] ??
    document.region ??
    (meter.regionCode === undefined ? undefined : regionOfCode(meter.regionCode))
  );
}

function modelOf(
  item: PriceItem,
  document: PriceDocument,
  meter: Counted['meter'],
  names: ModelNames,
): string | undefined {
  if (document.model !== undefined) return document.model;
  const { model, titanmodel, servicename } = item.attributes;
  const isId = meter.model?.includes('.') === true && /^[a-z0-9]+\.[a-z]/.test(meter.model);
  // An id says more than a display name: `gpt-oss-120b` is one model, `openai.gpt-oss-120b` another.
  const spelled = isId ? [meter.model] : [];
  for (const name of [...spelled, model, titanmodel, servicename, meter.model]) {
    const id =
      name === undefined || name === '' ? undefined : names.find(name.replace(/ Latency Optimized$/, ''));
    if (id !== undefined) return id;
  }
  return undefined;
}

/** A name under which people find what is missing. */
function namesOf(item: PriceItem, meter: Counted['meter']): string {
  const { model, titanmodel, servicename } = item.attributes;
  return (
    model ||
    titanmodel ||
    (servicename === 'Amazon Bedrock' ? undefined : servicename) ||
    meter.model ||
    'no name'
  );
}

/** A line that counts something: how it is read further. */
interface Counted {
  readonly meter: Pick<Meter, 'regionCode' | 'model' | 'place' | 'tier'> &
    Partial<Pick<Meter, 'ttl' | 'longContext' | 'mantle'>>;
  readonly counts: ListedRate['counts'];
  /** What a price is given for, counted in what is priced. */
  readonly perUnit: bigint;
}

/** What a line counts, or what is to be said of it instead. */
function countedBy(item: PriceItem, document: PriceDocument): Counted | ItemReading {
  const { usageType, unit } = item;
  const isCard = document.source === 'aws-agreement';
  const isMarketplace = isCard || /-MP:/.test(usageType);
  const other = otherThanInference(usageType);
  const unitMeter = isCard ? readUnitDimension(usageType) : readUnitUsageType(usageType);
  if (unitMeter !== undefined && other === undefined) {
    const { measure } = unitMeter;
    const perUnit = measure === 'token' ? tokensPerUnit(unit, isMarketplace) : measuredPerUnit(measure, unit);
    return perUnit === undefined
      ? unknown(`its price is for "${unit}", which is not what it counts`)
      : { meter: unitMeter, counts: { unit: unitMeter.unit }, perUnit };
  }
  const perUnit = tokensPerUnit(unit, isMarketplace);
  const meter = isCard ? readDimension(usageType) : readUsageType(usageType);
  if (meter !== undefined && perUnit !== undefined) return { meter, counts: meter.counts, perUnit };
  if (other !== undefined) return passedOver(other);
  return perUnit !== undefined && /token/i.test(usageType)
    ? unknown('its usage type is in no known form')
    : passedOver(`prices for "${unit}"`);
}

/** Understands an item, or says why not. Nothing is guessed: what is in doubt is `unknown`. */
export function readItem(item: PriceItem, document: PriceDocument, names: ModelNames): ItemReading {
  const { usageType, usd, unit } = item;
  if (usd === undefined) return passedOver('prices in other currencies');
  const counted = countedBy(item, document);
  if (!('meter' in counted)) return counted;
  const { meter, counts, perUnit } = counted;
  const { feature = '' } = item.attributes;
  if (feature !== '' && !/^(on-demand|batch) inference$/i.test(feature) && meter.place !== 'custom')
    return passedOver(`prices of the feature "${feature}"`);
  const tier = tierOfAttributes(item);
  if (tier !== undefined && tier !== meter.tier)
    return unknown('its attributes and its usage type name two tiers');
  if (item.isTiered === true) return unknown('its price depends on the volume used');
  const region = regionOf(item, document, meter);
  if (region === undefined && meter.regionCode !== undefined)
    return unknown(`the Region behind "${meter.regionCode}" is not known`);
  if (region !== undefined && document.region !== undefined && region !== document.region)
    return unknown(`it is of ${region}, in the file of ${document.region}`);
  const model = modelOf(item, document, meter, names);
  if (model === 'retired') return passedOver('retired models');
  if (model === undefined) return unknown(`no model of the catalogue is called "${namesOf(item, meter)}"`);
  if (typeof counts === 'object' && !hasUnit(model, counts.unit))
    return passedOver(`units that the catalogue does not have for the model: ${counts.unit}`);
  const picoUsd = picoUsdPerToken(usd, perUnit);
  if (picoUsd === undefined) {
    const what = typeof counts === 'object' ? counts.unit : 'token';
    return unknown(`"${usd}" per "${unit}" is no whole number of pico-dollars per ${what}`);
  }
  const { place, ttl, longContext = false, mantle = false } = meter;
  return {
    rate: {
      model,
      place,
      tier: meter.tier,
      longContext,
      counts,
      picoUsd,
      mantle,
      usageType,
      ...(ttl === undefined ? {} : { ttl }),
      ...(region === undefined ? {} : { region }),
      ...(item.effectiveOn === undefined ? {} : { effectiveOn: item.effectiveOn }),
    },
  };
}

/** Whether the catalogue prices a model by such a unit, in some place. */
function hasUnit(model: string, unit: string): boolean {
  const prices = catalogueModelOf(model)?.prices ?? [];
  return prices.some(({ units = {} }) => Object.hasOwn(units, unit));
}

/** The kind of token or unit that a rate is for; a cache write that names no lifetime has the model's default. */
export function kindOf(
  counts: ListedRate['counts'],
  ttl: Meter['ttl'],
  defaultTtl: '5m' | '1h' | '30m',
): string {
  if (typeof counts === 'object') return counts.unit;
  return counts === 'cacheWrite' ? `cacheWrite${ttl ?? defaultTtl}` : counts;
}
