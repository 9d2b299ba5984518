import type { Attempt } from '@costkit/core';
import type { FocusRow } from './focus-columns.js';
import { ALL_TOKENS } from './focus-lines.js';

/** What FOCUS calls a kind of token. */
const METERS: Readonly<Record<string, string>> = {
  input: 'Input Tokens',
  output: 'Output Tokens',
  cacheRead: 'Cache Read Tokens',
  cacheWrite5m: 'Cache Write Tokens (5 Minutes)',
  cacheWrite1h: 'Cache Write Tokens (1 Hour)',
  cacheWrite30m: 'Cache Write Tokens (30 Minutes)',
  [ALL_TOKENS]: 'Tokens of All Kinds',
};

/** Who produces a provider's models, where its id does not say it in the right letters. */
const PUBLISHERS: Readonly<Record<string, string>> = {
  ai21: 'AI21 Labs',
  deepseek: 'DeepSeek',
  minimax: 'MiniMax',
  mistral: 'Mistral AI',
  moonshotai: 'Moonshot AI',
  nvidia: 'NVIDIA',
  openai: 'OpenAI',
  stability: 'Stability AI',
  twelvelabs: 'TwelveLabs',
  xai: 'xAI',
  zai: 'Z.ai',
};

/** `videoSecond720p` → `Video Second 720p`. */
const words = (name: string): string =>
  name
    .replaceAll(/([a-z])([A-Z\d])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .replace(/^./, (letter) => letter.toUpperCase());

function publisherOf(servedModel: string): string {
  const provider =
    servedModel.includes('.') && !servedModel.startsWith('arn:') ? servedModel.split('.')[0] : undefined;
  return provider === undefined ? 'AWS' : (PUBLISHERS[provider] ?? words(provider));
}

/** How a kind of token, or of unit, is counted, priced and named. */
export interface FocusSku {
  readonly consumedUnit: string;
  readonly pricingUnit: string;
  /** How many consumed units a pricing unit holds. */
  readonly perPricingUnit: bigint;
  /** What the model, its scope and its mode add to a row. */
  textsOf(attempt: Attempt): Partial<FocusRow>;
}

/**
 * The stock-keeping unit of a kind: model and kind; its price also depends on scope, mode and Region. The ids are ours,
 * made of the catalogue's names: AWS's own are not on a response.
 */
export function focusSku(kind: string): FocusSku {
  const meter = Object.hasOwn(METERS, kind) ? (METERS[kind] as string) : words(kind);
  const isToken = /Tokens?\b/.test(meter);
  const unit = isToken ? 'Tokens' : kind === 'request' ? 'Requests' : 'Units';
  return {
    consumedUnit: unit,
    pricingUnit: isToken ? '1000000 Tokens' : unit,
    perPricingUnit: isToken ? 1_000_000n : 1n,
    textsOf: ({ servedModel, scope, mode, region }) => ({
      ChargeDescription: `${servedModel}: ${meter}, ${scope}, ${mode}`,
      PublisherName: publisherOf(servedModel),
      SkuId: `${servedModel}/${kind}`,
      SkuMeter: meter,
      SkuPriceId: [servedModel, kind, scope, mode, region].join('/'),
      SkuPriceDetails: JSON.stringify({ x_Model: servedModel, x_Scope: scope, x_Mode: mode }),
    }),
  };
}
