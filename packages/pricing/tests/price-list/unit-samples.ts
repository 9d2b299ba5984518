import { CATALOGUE } from '../../src/catalogue.js';
import type { CatalogueModel } from '../../src/index.js';
import { codeOfRegion } from '../../src/refresh/region-codes.js';
import type { SampleLine, SamplePlace } from './offer-samples.js';

/** How AWS writes what counts a unit, and what its price is for. */
interface Written {
  readonly words: string;
  readonly unit: string;
}

const OWN: Readonly<Record<string, Written>> = {
  image: { words: 'input-standard-image', unit: 'Images Processed' },
  documentImage: { words: 'input-document-image', unit: 'Images Processed' },
  audioSecond: { words: 'input-audio-second', unit: 'seconds' },
  videoSecond: { words: 'input-video-second', unit: 'seconds' },
  videoSecond540p: { words: 'Medfps-SDRes', unit: 'Second' },
  videoSecond720p: { words: 'Medfps-HDRes', unit: 'Second' },
  imageStandard1024: { words: 'T2I-1024-Standard', unit: 'image' },
  imagePremium1024: { words: 'T2I-1024-Premium', unit: 'image' },
  imageStandard2048: { words: 'I2I-2048-Standard', unit: 'image' },
  imagePremium2048: { words: 'I2I-2048-Premium', unit: 'image' },
  query: { words: 'searchunits', unit: 'Search Units' },
  speechInputToken: { words: 'speech-input-tokens', unit: '1K tokens' },
  speechOutputToken: { words: 'speech-output-tokens', unit: '1K tokens' },
  audioInputToken: { words: 'input-audio-token-count', unit: '1K tokens' },
  imageOutputToken: { words: 'output-image-token-count', unit: '1K tokens' },
};
const MARKETPLACE: Readonly<Record<string, Written>> = {
  image: { words: 'created_image', unit: 'image' },
  query: { words: 'search_units', unit: 'Search Units' },
  videoSecond: { words: 'inputVideoSecond', unit: 'seconds' },
};

/** The line of one price of a unit that is no token of text. */
export function unitLine(
  model: CatalogueModel,
  unit: string,
  picoUsd: number,
  { place, region, tier }: SamplePlace,
): SampleLine {
  const isMarketplace = ['cohere', 'stability', 'twelvelabs'].includes(model.provider);
  const written = (isMarketplace ? MARKETPLACE : OWN)[unit];
  if (written === undefined) throw new Error(`no sample of ${unit} for ${model.id}`);
  const code = codeOfRegion(region) ?? '';
  const name = CATALOGUE.get(model.id)?.name ?? model.id;
  const global = place === 'global' ? ['Global', '-cross-region-global'] : ['', ''];
  const suffix = tier === 'standard' ? '' : `-${tier}`;
  const perUnit = written.unit === '1K tokens' ? 1_000 : 1;
  return {
    offer: isMarketplace ? 'AmazonBedrockFoundationModels' : 'AmazonBedrock',
    region,
    usageType: isMarketplace
      ? `${code}-MP:${[code, written.words, global[0]].filter((word) => word !== '').join('_')}-Units`
      : `${code}-${name.replaceAll(/[^\w.]+/g, '')}-${written.words}${global[1]}${suffix}`,
    attributes: isMarketplace
      ? { servicename: `${name} (Amazon Bedrock Edition)` }
      : { model: name, feature: tier === 'batch' ? 'Batch Inference' : 'On-demand Inference' },
    unit: written.unit,
    usd: ((picoUsd * perUnit) / 1e12).toFixed(10),
  };
}
