import { Money, NO_USAGE, type RequestView } from '@costkit/core';
import { costOf, type PriceQuery } from '@costkit/pricing';
import { type ConverseLikeRequest, estimateTokens } from '@costkit/tokens';

/** What a batch will cost, by estimate. */
export interface BatchForecast {
  readonly records: number;
  /** Best estimate, all records. Media that no rule counts are not in it. */
  readonly inputTokens: number;
  /** Input alone, at the batch price; `undefined`: the rate is unknown. */
  readonly input: Money | undefined;
  /**
   * With every answer as long as its cap and every input at the high end of its estimate; `undefined` where a record
   * has no cap or holds media that cannot be counted, or the rate is unknown.
   */
  readonly highest: Money | undefined;
}

/** Estimates what requests cost in a batch: each for itself, because long contexts have rates of their own. */
export function forecast(views: readonly RequestView[], query: PriceQuery, model: string): BatchForecast {
  let inputTokens = 0;
  let input: Money | undefined = Money.zero;
  let highest: Money | undefined = Money.zero;
  const price = (tokens: number, output: number): Money | undefined => {
    const { total, complete } = costOf({ ...NO_USAGE, input: tokens, output }, { ...query, batch: true });
    return complete ? total : undefined;
  };
  const add = (sum: Money | undefined, amount: Money | undefined): Money | undefined =>
    sum === undefined || amount === undefined ? undefined : sum.plus(amount);
  for (const view of views) {
    const estimate = estimateTokens(view.input as ConverseLikeRequest, { model });
    inputTokens += estimate.tokens;
    input = add(input, price(estimate.tokens, 0));
    const bounded = view.maxTokens !== undefined && estimate.unknown.length === 0;
    highest = add(highest, bounded ? price(estimate.high, view.maxTokens) : undefined);
  }
  return { records: views.length, inputTokens, input, highest };
}
