import { estimatedTokens, type Money, type RequestView } from '@costkit/core';
import { costOf, type ResolvedModel } from '@costkit/pricing';

/** What a batch will cost, by estimate. */
export interface BatchForecast {
  readonly records: number;
  readonly inputTokens: number;
  /** Input alone, at the batch price; `undefined`: the rate is unknown. */
  readonly input: Money | undefined;
  /** With every answer as long as its cap and the input at the high end of its estimate; `undefined` without caps. */
  readonly highest: Money | undefined;
}

/** Estimates of unknown text may fall short by this much. */
const INPUT_MARGIN = 1.4;

export function forecast(views: readonly RequestView[], model: ResolvedModel): BatchForecast {
  let inputTokens = 0;
  let outputTokens: number | undefined = 0;
  for (const view of views) {
    inputTokens += estimatedTokens(view).total;
    outputTokens =
      outputTokens === undefined || view.maxTokens === undefined ? undefined : outputTokens + view.maxTokens;
  }
  const price = (input: number, output: number): Money | undefined => {
    const usage = {
      input: Math.ceil(input),
      output,
      cacheRead: 0,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      cacheWrite30m: 0,
    };
    const { total, complete } = costOf(usage, { model, batch: true });
    return complete ? total : undefined;
  };
  return {
    records: views.length,
    inputTokens: Math.ceil(inputTokens),
    input: price(inputTokens, 0),
    highest: outputTokens === undefined ? undefined : price(inputTokens * INPUT_MARGIN, outputTokens),
  };
}
