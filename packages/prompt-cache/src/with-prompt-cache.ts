import { type BedrockClientLike, deriveClient } from '@costkit/core';
import { promptCachePlugin } from './prompt-cache-plugin.js';
import type { PromptCacheOptions } from './types.js';

/**
 * Returns a client of the same type whose requests carry cache points where they are valid and pay for
 * themselves. The client passed in is not changed.
 *
 * @throws `InvalidOptionError` for an unknown or wrong option.
 * @throws `AlreadyAppliedError` when the client places cache points already.
 *
 * @example
 * ```ts
 * const client = withPromptCache(new BedrockRuntimeClient({}));
 * await client.send(new ConverseCommand({ modelId, system, messages }));
 * ```
 */
export function withPromptCache<C extends BedrockClientLike>(client: C, options: PromptCacheOptions = {}): C {
  return deriveClient(client, promptCachePlugin(options));
}
