/**
 * Identical requests answered once. Apart from the main entry, because it is nothing that happens by itself.
 * @module
 */
import {
  type BedrockClientLike,
  type BedrockPlugin,
  checkOptions,
  deriveClient,
  isFunction,
  isMode,
  isNonNegativeNumber,
  isPositiveInteger,
  type LeverMode,
  lazyLever,
  leverPlugin,
  type Tags,
} from '@costkit/core';

const NAME = 'response-cache';

/** What {@link withResponseCache} takes. */
export interface ResponseCacheOptions {
  /** `observe` sends every request and says which it would not have sent. @defaultValue `"enforce"` */
  readonly mode?: LeverMode;
  /**
   * How long an answer is given again, in milliseconds. 0: requests are joined only while the first is on its way.
   * @defaultValue 0
   */
  readonly ttlMs?: number;
  /** Answers that are kept; the oldest is dropped first. @defaultValue 1_000 */
  readonly maxEntries?: number;
  /**
   * Names whose answers may be shared: requests with different names never share one.
   * @defaultValue all tags of the call, so that tenants and users share nothing
   */
  readonly scope?: (tags: Tags) => string;
}

/** Options with their defaults. */
export type ResponseCacheSettings = Required<ResponseCacheOptions>;

/**
 * The response cache as a plugin of the AWS SDK.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * client.middlewareStack.use(responseCachePlugin({ ttlMs: 60_000 }));
 * ```
 */
export function responseCachePlugin(options: ResponseCacheOptions = {}): BedrockPlugin {
  checkOptions<ResponseCacheOptions>(NAME, options, {
    mode: isMode,
    ttlMs: isNonNegativeNumber,
    maxEntries: isPositiveInteger,
    scope: isFunction,
  });
  const { mode = 'enforce', ttlMs = 0, maxEntries = 1_000, scope = allTags } = options;
  const lever = lazyLever({ name: NAME, slot: 'shape', mode }, async () => {
    const { responseCacheLever } = await import('./response-cache-lever.js');
    return responseCacheLever({ mode, ttlMs, maxEntries, scope }, NAME);
  });
  return leverPlugin(NAME, [lever]);
}

/**
 * Returns a client that sends identical requests once: those that come while the first is on its way wait for its answer,
 * and with `ttlMs` later ones get it too. Every caller gets a copy; of a stream, the same chunks again, once the whole of
 * it is there. Not for requests that are repeated to get different answers.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 * @throws `AlreadyAppliedError` when the client has a response cache.
 *
 * @example
 * ```ts
 * const client = withResponseCache(new BedrockRuntimeClient({}), { ttlMs: 300_000, scope: ({ tenant = '' }) => tenant });
 * ```
 */
export function withResponseCache<C extends BedrockClientLike>(
  client: C,
  options: ResponseCacheOptions = {},
): C {
  return deriveClient(client, responseCachePlugin(options));
}

const allTags = (tags: Tags): string => JSON.stringify(Object.entries(tags).sort());
