import { type ResolvedModel, resolveModel } from '@costkit/pricing';
import { type CallPrice, requestPricing, type WindowTokens } from './window-price.js';

/** Share of a model's context that a conversation may fill: the answer needs room, and counts are estimates. */
const FULLEST = 0.8;

/**
 * Says whether a cut pays. A conversation is taken to go on for as long as it has gone on so far: of what has lasted for
 * a while, nothing better is known. What no longer fits the model's context is cut whatever it costs, and so is what
 * has no known price.
 *
 * @param resolved - the model, where a call knows it better than its id says.
 * @param extra - what else the cut costs over the requests to come, in pico-dollars; `undefined`: unknown
 */
export function isWorth(
  price: CallPrice,
  resolved: ResolvedModel | undefined = resolveModel(price.model),
  extra: (tokens: WindowTokens, requests: number) => number | undefined = () => 0,
): (tokens: WindowTokens, requests: number) => boolean {
  const pricing = requestPricing(price, resolved);
  const most = FULLEST * (resolved?.model.contextWindow ?? Number.POSITIVE_INFINITY);
  const { stableTokens = 0 } = price;
  return (tokens, requests) => {
    if (stableTokens + tokens.whole > most) return true;
    const toCome = Math.max(1, requests);
    const picoUsd = pricing(tokens, toCome);
    const more = extra(tokens, toCome);
    return picoUsd === undefined || more === undefined || picoUsd.window + more < picoUsd.whole;
  };
}
