import {
  type BedrockPlugin,
  checkOptions,
  isBoolean,
  isMode,
  isNonNegativeNumber,
  isObject,
  isOneOf,
  isPositiveInteger,
  isText,
  lazyLever,
  leverPlugin,
} from '@costkit/core';
import type { CacheLevers } from './cache-levers.js';
import { checkRules } from './check-rules.js';
import { DEFAULT_MAX_PREFIXES, DEFAULT_MAX_WAIT_MS, DEFAULT_STORE_KEY, LEVER_NAME } from './constants.js';
import { NO_CORRECTIONS } from './model-cache-rules.js';
import type { PromptCacheOptions } from './types.js';

/**
 * The lever behind `withPromptCache`, as a Smithy plugin. It remembers which prefixes the client sends and how
 * soon they come again, and places cache points where the reads to be expected pay for the write.
 *
 * @throws `InvalidOptionError` for an unknown or wrong option.
 *
 * @example
 * ```ts
 * client.middlewareStack.use(promptCachePlugin({ mode: 'observe' }));
 * ```
 */
export function promptCachePlugin(options: PromptCacheOptions = {}): BedrockPlugin {
  checkOptions<PromptCacheOptions>(LEVER_NAME, options, {
    mode: isMode,
    expectReuse: isBoolean,
    ttl: isOneOf('auto', '5m', '1h'),
    maxPrefixes: isPositiveInteger,
    rules: isObject,
    maxWaitMs: isNonNegativeNumber,
    telemetry: isObject,
    store: isObject,
    storeKey: isText,
  });
  const {
    mode = 'enforce',
    expectReuse = false,
    ttl = 'auto',
    maxPrefixes = DEFAULT_MAX_PREFIXES,
    rules = NO_CORRECTIONS,
    maxWaitMs = DEFAULT_MAX_WAIT_MS,
    telemetry,
    store,
    storeKey = DEFAULT_STORE_KEY,
  } = options;
  checkRules(rules);
  let loading: Promise<CacheLevers> | undefined;
  // Options are checked at once; what plans is loaded with the first call.
  const load = (): Promise<CacheLevers> => {
    loading ??= import('./cache-levers.js').then(({ createCacheLevers }) =>
      createCacheLevers({
        mode,
        expectReuse,
        ttl,
        maxPrefixes,
        rules,
        maxWaitMs,
        store,
        storeKey,
        telemetry,
      }),
    );
    return loading;
  };
  return leverPlugin(LEVER_NAME, [
    lazyLever({ name: LEVER_NAME, slot: 'route', mode, recovers: true }, async () => (await load()).repair),
    lazyLever({ name: LEVER_NAME, slot: 'fit', mode }, async () => (await load()).place),
  ]);
}
