import {
  type BedrockClientLike,
  type BedrockPlugin,
  deriveClient,
  holdOut,
  leverPlugin,
} from '@costkit/core';
import { callLimits } from './call-limits.js';
import { LEVER } from './lever-name.js';
import { limitLever } from './limit-lever.js';
import { type OutputLimitOptions, readOptions } from './output-limit-options.js';
import { repairLever } from './repair-lever.js';

/** Other levers hold out other calls. */
const HOLD_OUT_SEED = 0x0c4b;

/**
 * The output limiter as a plugin of the AWS SDK.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * client.middlewareStack.use(outputLimitPlugin({ caps: { classify: 20 }, mode: 'observe' }));
 * ```
 */
export function outputLimitPlugin(options: OutputLimitOptions = {}): BedrockPlugin {
  const settings = readOptions(options);
  const limitsOf = callLimits();
  const limit = limitLever(settings, { limitsOf, holdOut: holdOut(settings.holdOut, HOLD_OUT_SEED) });
  return leverPlugin(LEVER, settings.repair ? [limit, repairLever(settings.mode, limitsOf)] : [limit]);
}

/**
 * Returns a client whose answers are capped, and brief where asked. The client passed in stays as it is; both
 * share their connections.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 * @throws `AlreadyAppliedError` when the client has an output limiter.
 *
 * @example
 * ```ts
 * const client = withOutputLimit(new BedrockRuntimeClient({}), {
 *   caps: { classify: 20, answer: 400 },
 *   brevity: { answer: 'Answer in at most three sentences.' },
 * });
 * await withTags({ task: 'classify' }, () => client.send(command));
 * ```
 */
export function withOutputLimit<C extends BedrockClientLike>(client: C, options: OutputLimitOptions = {}): C {
  return deriveClient(client, outputLimitPlugin(options));
}
