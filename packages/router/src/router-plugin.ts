import { type BedrockPlugin, type Ladder, leverPlugin } from '@costkit/core';
import { createCallHistory } from './call-history.js';
import type { Surroundings } from './choose-tier.js';
import { compileOptions } from './compile-options.js';
import { createConversationAuthors } from './conversation-authors.js';
import { createRefusals } from './refusals.js';
import { routeLadder } from './route-ladder.js';
import { routerLever } from './router-lever.js';
import type { RouterOptions } from './types.js';

/** The router as a Smithy plugin. */
export interface RouterPlugin extends BedrockPlugin {
  /** Tells a budget which cheaper model the rules and the policy allow; an option of `@costkit/meter`. */
  readonly ladder: Ladder;
}

/**
 * Makes the router. Usable with `client.middlewareStack.use`; {@link withRouter} does the same on a derived client.
 *
 * @throws `InvalidOptionError` for unknown or wrong options, `UnknownModelError` for a model that the catalogue
 * does not know, {@link ModelEndOfLifeError} for one that can no longer be called, {@link RoutingPolicyError} for
 * a policy that is not what it must be.
 *
 * @example
 * ```ts
 * const router = routerPlugin({
 *   tiers: [
 *     { name: 'cheap', modelId: 'us.anthropic.claude-haiku-5-5' },
 *     { name: 'strong', modelId: 'us.anthropic.claude-opus-5-5' },
 *   ],
 *   rules: [{ when: { task: 'classify' }, tier: 'cheap' }],
 * });
 * client.middlewareStack.use(router);
 * ```
 */
export function routerPlugin(options: RouterOptions): RouterPlugin {
  const compiled = compileOptions(options);
  const surroundings: Surroundings = {
    allowedScopes: compiled.allowedScopes,
    authors: createConversationAuthors(),
    history: createCallHistory(),
    refusals: createRefusals(),
  };
  return {
    ...leverPlugin('router', [routerLever(compiled, surroundings)]),
    ladder: routeLadder(compiled, surroundings),
  };
}
