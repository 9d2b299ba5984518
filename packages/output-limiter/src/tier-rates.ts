import { type PriceQuery, ratesFor } from '@costkit/pricing';

/**
 * Rates of the service tier that a request asks for; those of the standard one where that has no price per token.
 *
 * @param tier - in the words of the API.
 * @param promptTokens - which decide the bracket of a long prompt.
 */
export function tierRates(
  query: PriceQuery,
  tier: string | undefined,
  promptTokens?: number,
): ReturnType<typeof ratesFor> {
  const own = tier === 'flex' || tier === 'priority' ? ratesFor({ ...query, tier }, promptTokens) : undefined;
  return own?.input === undefined ? ratesFor(query, promptTokens) : own;
}
