import type { BedrockClientLike, LeverMode } from '@costkit/core';
import { clientCases } from './client-cases.js';
import { inertCases } from './inert-cases.js';
import { requestCases } from './request-cases.js';
import { streamCases } from './stream-cases.js';

/** What the good-citizen suite needs to know of a plugin. */
export interface PluginContractOptions {
  /** The middleware's own name, without `costkit:`. */
  readonly name: string;
  /** Applies the plugin to a client in the given mode, e.g. `(client, mode) => withRouter(client, { tiers, mode })`. */
  readonly apply: <C extends BedrockClientLike>(client: C, mode: LeverMode) => C;
  /** Applies it with an option that does not exist. */
  readonly applyUnknownOption: (client: BedrockClientLike) => unknown;
}

/** One rule of the suite, for any test runner. */
export interface ContractCase {
  readonly name: string;
  /** Throws an `AssertionError` when the rule is broken. */
  readonly run: () => Promise<void>;
}

/**
 * The good-citizen suite: what every costkit plugin, ours or yours, does to the client and the calls of the
 * application that it is put into. It runs the real SDK over a fake wire.
 *
 * @example
 * ```ts
 * const cases = pluginContract({
 *   name: 'router',
 *   apply: (client, mode) => withRouter(client, { tiers, mode }),
 *   applyUnknownOption: (client) => withRouter(client, { tiers, nonsense: true } as never),
 * });
 * describe('routerPlugin', () => {
 *   it.each(cases)('$name', ({ run }) => run());
 * });
 * ```
 */
export function pluginContract(options: PluginContractOptions): readonly ContractCase[] {
  return [...clientCases(options), ...requestCases(options), ...streamCases(options), ...inertCases(options)];
}
