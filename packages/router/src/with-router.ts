import { type BedrockClientLike, deriveClient } from '@costkit/core';
import { routerPlugin } from './router-plugin.js';
import type { RouterOptions } from './types.js';

/**
 * Returns a client of the same type that sends each request to the cheapest model that your rules, your policy or
 * your check allow. The client passed in is not changed.
 *
 * @throws what {@link routerPlugin} throws, and `AlreadyAppliedError` when the client has a router.
 *
 * @example
 * ```ts
 * const routed = withRouter(new BedrockRuntimeClient({}), {
 *   tiers: [
 *     { name: 'cheap', modelId: 'us.anthropic.claude-haiku-5-5' },
 *     { name: 'strong', modelId: 'us.anthropic.claude-opus-5-5' },
 *   ],
 *   policy: await loadRoutingPolicy('routing-policy.json'),
 * });
 * ```
 */
export function withRouter<C extends BedrockClientLike>(client: C, options: RouterOptions): C {
  return deriveClient(client, routerPlugin(options));
}
