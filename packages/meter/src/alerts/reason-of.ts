import type { Finding } from './scope-watch.js';
import type { Crossing, Threshold } from './threshold.js';

const usd = (amount: number): string => `$${amount.toFixed(amount < 1 ? 4 : 2)}`;
const tokens = (count: number): string => Math.round(count).toLocaleString('en-US');
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const time = (at: Date): string => `${at.toISOString().slice(0, 16)}Z`;

/** An anomaly in one sentence. */
export function anomalyReason({ anomaly, observed, expected, since, spentUsd, model }: Finding): string {
  const far = `since ${time(since)}; ${usd(spentUsd)} spent since then`;
  switch (anomaly) {
    case 'spike':
      return `${usd(observed)} went within 5 minutes, where ${usd(expected)} is usual at this hour`;
    case 'drift':
      return `5 minutes cost ${usd(observed)} on average, where ${usd(expected)} is usual, ${far}`;
    case 'prompt':
      return `prompts have ${tokens(observed)} tokens, where ${tokens(expected)} are usual, ${far}`;
    case 'cache':
      return `${percent(observed)} of the prompts is read from the cache, where ${percent(expected)} is usual, ${far}`;
    default:
      return (
        `a million tokens cost ${usd(observed)}, where ${usd(expected)} is usual, ${far}` +
        (model === undefined ? '' : `; the dearest model is ${model}`)
      );
  }
}

/** A crossed threshold in one sentence. */
export function thresholdReason(
  { metric, windowMs = 3_600_000 }: Threshold,
  { observed, limit, direction }: Crossing,
): string {
  const minutes = windowMs / 60_000;
  const stretch = minutes === 1 ? 'a minute' : `${minutes} minutes`;
  return `${metric} is ${Number(observed.toPrecision(4))} within ${stretch}, ${direction} the limit of ${limit}`;
}
