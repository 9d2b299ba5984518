import { type BedrockPlugin, type Ladder, lazyLever, leverPlugin } from '@costkit/core';
import { compileOptions } from './compile-options.js';
import type { Routing } from './routing.js';
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
  let loading: Promise<Routing> | undefined;
  // Options are checked at once; what chooses models is loaded with the first call.
  const load = (): Promise<Routing> => {
    loading ??= import('./routing.js').then(({ createRouting }) => createRouting(compiled));
    return loading;
  };
  const head = { name: 'router', slot: 'route', mode: compiled.mode, failsClosed: true } as const;
  return {
    ...leverPlugin('router', [lazyLever(head, async () => (await load()).lever)]),
    ladder: { below: async (view, call) => (await load()).ladder.below(view, call) },
  };
}
