import { Money } from '@costkit/pricing';

/** Dollars per million training tokens, from the AWS pricing page as read on 2026-07-24. Nova is not listed. */
const USD_PER_MILLION: ReadonlyMap<string, string> = new Map([
  ['meta.llama3-2-1b-instruct-v1:0', '0.5'],
  ['meta.llama3-2-3b-instruct-v1:0', '1.1'],
  ['meta.llama3-2-11b-instruct-v1:0', '3.5'],
  ['meta.llama3-2-90b-instruct-v1:0', '7.9'],
  ['meta.llama3-1-8b-instruct-v1:0', '1.49'],
  ['meta.llama3-1-70b-instruct-v1:0', '7.99'],
]);

/** Where the prices of this file were read. */
export const TRAINING_SOURCE = 'AWS pricing page, read on 2026-07-24';

/** Dollars a month that a stored custom model costs. */
export const USD_PER_MODEL_MONTH = '1.95';

/** Price of a million training tokens, by bare model id; `undefined` when no source lists it. */
export function trainingPrice(modelId: string): Money | undefined {
  const usd = USD_PER_MILLION.get(modelId);
  return usd === undefined ? undefined : Money.fromUsd(usd);
}
