import type { Money, Usage } from '@costkit/pricing';
import type { CallState } from './call-state.js';
import { priceUsage } from './price-attempt.js';
import type { Attempt } from './receipt.js';
import { promptTokens } from './usage.js';

/** What the caller's own request would have cost. */
export interface Baseline {
  /** `undefined`: a rate is unknown. */
  readonly amount: Money | undefined;
  readonly quality: 'exact' | 'estimated';
}

/**
 * Prices the caller's own request, as sent, on the caller's own model.
 *
 * Exact where only the price of the same tokens changed. Estimated where the model or the answer changed: the
 * tokens are then those of the answer that was given, corrected by what a lever measured (`counterfactual`).
 * Cache tokens are priced as plain input where the cache points were ours; where they were the caller's own, or
 * the service cached by itself, the caller's own request would have had them too.
 *
 * @param answer - the attempt whose answer the caller got.
 */
export function baselineOf(call: CallState, answer: Attempt): Baseline {
  const { original, counterfactual } = call;
  const { view, service } = call.sent(answer);
  const modelChanged = answer.modelId !== original.modelId;
  const amount = priceUsage(counterfactualUsage(answer, call, modelChanged), {
    resolved: modelChanged ? call.resolve(original.modelId) : service.resolved,
    region: service.region,
    // What the service made of the caller's own tier, it would have made of it without us too.
    tier: service.batch || view.tier !== original.tier ? original.tier : service.tier,
    latencyMode: service.latencyMode,
    batch: false,
    at: service.at,
    priceOverrides: service.priceOverrides,
  });
  const answerChanged = call.attempts.length > 1 || counterfactual.outputTokens !== undefined;
  // Reads we did not plan: the service caches implicitly, and how much the bare client would have read is not known.
  const implicit = answer.usage.cacheRead > 0 && original.cachePoints.length === 0;
  // A batch job has no prompt cache: what the caller's own points would have read is not known.
  const uncached = service.batch && original.cachePoints.length > 0;
  const shorter = counterfactual.inputTokens !== undefined;
  const exact =
    answer.quality === 'measured' && !(modelChanged || answerChanged || implicit || uncached || shorter);
  return { amount, quality: exact ? 'exact' : 'estimated' };
}

/** The output of an answer with what repairs have added to it. */
function outputOf(answer: Attempt, attempts: readonly Attempt[]): number {
  let output = answer.usage.output;
  for (let index = attempts.indexOf(answer) + 1; index < attempts.length; index += 1) {
    const { purpose, error, usage } = attempts[index] as Attempt;
    if (purpose === 'repair' && error === undefined) output += usage.output;
  }
  return output;
}

function counterfactualUsage(answer: Attempt, call: CallState, modelChanged: boolean): Usage {
  const { usage } = answer;
  const { cachePointsAreOurs = false, inputTokens = 0, outputTokens, tokenRatio = 1 } = call.counterfactual;
  const ratio = modelChanged ? tokenRatio : 1;
  const scale = (tokens: number): number => Math.round(tokens * ratio);
  const output = Math.round(outputTokens ?? scale(outputOf(answer, call.attempts)));
  const cached = (tokens: number): number => (cachePointsAreOurs ? 0 : scale(tokens));
  const counted = {
    input: scale(cachePointsAreOurs ? promptTokens(usage) : usage.input) + inputTokens,
    output,
    cacheRead: cached(usage.cacheRead),
    cacheWrite5m: cached(usage.cacheWrite5m),
    cacheWrite1h: cached(usage.cacheWrite1h),
    cacheWrite30m: cached(usage.cacheWrite30m),
  };
  return usage.units === undefined ? counted : { ...counted, units: usage.units };
}
