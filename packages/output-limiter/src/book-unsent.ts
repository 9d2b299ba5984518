import type { Call, RequestView } from '@costkit/core';
import type { ResolvedModel } from '@costkit/pricing';
import { type CallPrice, windowPricing } from './window-price.js';

/**
 * Books in the baseline what the caller's own request would have had more of; several levers may leave something out.
 *
 * @param tokens - in what earlier requests have sent.
 * @param freshTokens - behind it.
 */
export function bookUnsent(
  view: RequestView,
  call: Call,
  price: CallPrice,
  resolved: ResolvedModel | undefined,
  tokens: number,
  freshTokens: number = 0,
): void {
  // The caller's own points would have had it read: then it counts for as much input as costs the same.
  const whole = { whole: tokens, same: 0, moved: 0 };
  const asInput = windowPricing({ ...price, cached: false }, resolved)(whole, 1)?.whole ?? 0;
  const asRead = windowPricing(price, resolved)(whole, 1)?.whole ?? 0;
  // Points that a view cannot name, it pins.
  const isRead = view.cachePoints.length > 0 || view.pinned.has('cachePoints');
  const share = isRead && asInput > 0 ? asRead / asInput : 1;
  const { counterfactual } = call;
  counterfactual.inputTokens = (counterfactual.inputTokens ?? 0) + Math.round(tokens * share + freshTokens);
}
