import type { PriceRow, TokenKind } from '../types.js';
import type { ModelNames } from './model-names.js';
import type { PriceDocument, PriceItem } from './price-source.js';
import { regionOfCode } from './region-codes.js';
import { picoUsdPerToken, tokensPerUnit } from './token-price.js';
import { type Meter, readDimension, readUsageType } from './usage-type.js';

/** One rate, understood. */
export interface ListedRate {
  readonly model: string;
  readonly place: Meter['place'];
  /** Absent: the same in every Region. */
  readonly region?: string;
  readonly tier: PriceRow['tier'];
  readonly longContext: boolean;
  readonly counts: Meter['counts'];
  readonly ttl?: Meter['ttl'];
  readonly picoUsd: number;
  readonly mantle: boolean;
  readonly usageType: string;
  readonly effectiveOn?: string;
}

/** What became of an item: a rate; something that is not priced by the token; or something nobody taught us. */
export type ItemReading =
  | { readonly rate: ListedRate }
  | { readonly other: true }
  | { readonly unknown: string };

const OTHER: ItemReading = { other: true };
const unknown = (reason: string): ItemReading => ({ unknown: reason });

/** Capacity, storage, training and services around models: recognised, so that what is unknown stays worth reading. */
const NOT_INFERENCE =
  /provisioned|reserved|model-?units?|tpm|custom(ization|modelimport|-t2i|-storage)|training|storage|guardrail|knowledge-?base|dataautomation|evaluation|grounding|flows?-|agentcore|promptrouter|prompt-router/i;
/** Tokens that stand for sound or pictures. In lower case: `TitanEmbeddingsG1-Image-input-tokens` counts text. */
const MODALITY =
  /-(speech|audio|video|image)(-[a-z]+)?-(input|output)-|-(input|output)-(speech|audio|video|image)-|(Audio|Video|Image)(Second|Count)|_(audio|video|image|speech)_/;

/** What the attributes say of the tier; `undefined` when they say nothing, `'none'` when it is no tier of ours. */
function tierOfAttributes({ attributes }: PriceItem): PriceRow['tier'] | 'none' | undefined {
  const tier = (attributes['servicetier'] ?? '')
    .toLowerCase()
    .replace(/^global/, '')
    .trim();
  if (/^(standard|batch|flex|priority)$/.test(tier)) return tier as PriceRow['tier'];
  if (tier !== '') return 'none';
  return /^batch/i.test(attributes['feature'] ?? '') ? 'batch' : undefined;
}

/** The Region of an item: as the product says it, else the file's, else the code in the usage type. */
function regionOf(item: PriceItem, document: PriceDocument, meter: Meter): string | undefined {
  return (
    item.attributes['regioncode'] ??
    document.region ??
    (meter.regionCode === undefined ? undefined : regionOfCode(meter.regionCode))
  );
}

function modelOf(
  item: PriceItem,
  document: PriceDocument,
  meter: Meter,
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
function namesOf(item: PriceItem, meter: Meter): string {
  const { model, titanmodel, servicename } = item.attributes;
  return (
    model ||
    titanmodel ||
    (servicename === 'Amazon Bedrock' ? undefined : servicename) ||
    meter.model ||
    'no name'
  );
}

/** Understands an item, or says why not. Nothing is guessed: what is in doubt is `unknown`. */
export function readItem(item: PriceItem, document: PriceDocument, names: ModelNames): ItemReading {
  const { usageType, usd, unit } = item;
  const isMarketplace = document.source === 'aws-agreement' || /-MP:/.test(usageType);
  const tokens = tokensPerUnit(unit, isMarketplace);
  if (tokens === undefined || usd === undefined) return OTHER;
  const { feature = '' } = item.attributes;
  const meter = document.source === 'aws-agreement' ? readDimension(usageType) : readUsageType(usageType);
  if (MODALITY.test(usageType)) return OTHER;
  if (meter === undefined) {
    return NOT_INFERENCE.test(usageType) || !/token/i.test(usageType)
      ? OTHER
      : unknown('its usage type is in no known form');
  }
  if (feature !== '' && !/^(on-demand|batch) inference$/i.test(feature) && meter.place !== 'custom')
    return OTHER;
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
  if (model === 'retired') return OTHER;
  if (model === undefined) return unknown(`no model of the catalogue is called "${namesOf(item, meter)}"`);
  const picoUsd = picoUsdPerToken(usd, tokens);
  if (picoUsd === undefined)
    return unknown(`"${usd}" per "${unit}" is no whole number of pico-dollars per token`);
  const { place, counts, ttl, longContext, mantle } = meter;
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

/** The kind of token that a rate is for; a cache write that names no lifetime has the model's default. */
export function kindOf(
  counts: Meter['counts'],
  ttl: Meter['ttl'],
  defaultTtl: '5m' | '1h' | '30m',
): TokenKind {
  return counts === 'cacheWrite' ? `cacheWrite${ttl ?? defaultTtl}` : counts;
}
