import type { BedrockClientLike } from '@costkit/core';
import { checkOptions, InvalidOptionError, isFunction } from '@costkit/core';
import { readRoute } from './read-route.js';
import { sendAsCommand } from './send-as-command.js';

/** A `fetch` of the web platform, as SDKs take one. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** What {@link costkitFetch} takes besides the client. */
export interface CostkitFetchOptions {
  /** Gets what is no Bedrock inference, unchanged. @defaultValue the global `fetch` */
  readonly fetch?: Fetch;
}

/**
 * A `fetch` for SDKs that talk to Bedrock themselves, such as the AI SDK and the Anthropic SDK: their calls go
 * through the client and get its levers and receipts. Converse, ConverseStream, InvokeModel and
 * InvokeModelWithResponseStream are answered as Bedrock would; everything else goes to the other `fetch`.
 *
 * The client signs and sends, so the credentials of the other SDK are not used.
 *
 * @param client - a client that `costkit(…)` returned, or a bare one.
 * @throws `InvalidOptionError` for an unknown option or something that is no client. Errors that costkit throws
 * (such as an exceeded budget) reject the returned promise; errors of the service are answered as responses.
 *
 * @example
 * ```ts
 * const bedrock = createAmazonBedrock({ region: 'us-east-1', apiKey: 'unused', fetch: costkitFetch(client) });
 * ```
 */
export function costkitFetch(client: BedrockClientLike, options: CostkitFetchOptions = {}): Fetch {
  checkOptions<CostkitFetchOptions>('fetch', options, { fetch: isFunction });
  if (typeof (client as Partial<BedrockClientLike> | undefined)?.send !== 'function') {
    throw new InvalidOptionError('fetch', 'client', 'must be a BedrockRuntimeClient of the AWS SDK');
  }
  const otherwise: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  return async (input, init) => {
    const asked = input instanceof Request ? input : undefined;
    const method = (init?.method ?? asked?.method ?? 'GET').toUpperCase();
    const route = method === 'POST' ? readRoute(asked?.url ?? String(input)) : undefined;
    // Before a `Request` is made of it, which would use up the body that the other `fetch` needs.
    if (route === undefined) return otherwise(input, init);
    return sendAsCommand(client, route, new Request(input, init), init?.signal ?? asked?.signal);
  };
}
