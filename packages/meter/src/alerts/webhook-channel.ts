import {
  checkOptions,
  InvalidOptionError,
  isNonNegativeNumber,
  isObject,
  isPositiveInteger,
} from '@costkit/core';
import type { AlertChannel } from './alert-channel.js';
import { AlertDeliveryError } from './alert-delivery-error.js';
import { alertText } from './alert-text.js';

/** What {@link webhookChannel} takes. */
export interface WebhookOptions {
  /** Sent besides `content-type`, e.g. `authorization`. @defaultValue none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Time for one attempt. @defaultValue 5_000 */
  readonly timeoutMs?: number;
  /** Further attempts after one that failed in passing: no connection, a time-out, 429 or 5xx. @defaultValue 3 */
  readonly retries?: number;
  /** Pause before the first further attempt; each one after that is twice as long. @defaultValue 1_000 */
  readonly retryAfterMs?: number;
}

const isHeaders = (value: unknown): string | undefined =>
  isObject(value) ??
  (Object.values(value as object).every((header) => typeof header === 'string')
    ? undefined
    : 'must have texts as values');

function addressOf(url: string): URL {
  const address = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  if (address?.protocol === 'https:' || address?.protocol === 'http:') return address;
  throw new InvalidOptionError('meter', 'url', 'must be an http or https address');
}

/**
 * Posts alerts as JSON: `{ text, alert }`. `text` is one line for people, so that the address may be an incoming
 * webhook of Slack or a program of that manner. No prompt and no answer is in it: alerts hold figures, names and
 * tags. Redirects are not followed.
 *
 * @throws `InvalidOptionError` for an address that is none, and for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * webhookChannel('https://hooks.example.com/T1', { headers: { authorization: `Bearer ${token}` } });
 * ```
 */
export function webhookChannel(url: string, options: WebhookOptions = {}): AlertChannel {
  const address = addressOf(url);
  checkOptions<WebhookOptions>('meter', options, {
    headers: isHeaders,
    timeoutMs: isPositiveInteger,
    retries: isNonNegativeNumber,
    retryAfterMs: isNonNegativeNumber,
  });
  const { headers = {}, timeoutMs = 5_000, retries = 3, retryAfterMs = 1_000 } = options;
  const name = `webhook at ${address.host}`;

  const post = async (body: string): Promise<void> => {
    const response = await fetch(address, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    // Read to the end, so that the connection is free again.
    await response.arrayBuffer();
    if (response.ok) return;
    throw new AlertDeliveryError(name, `it answered ${response.status}`, 'Look at its log', {
      cause: response.status,
    });
  };

  const isPassing = ({ cause }: Error): boolean => typeof cause !== 'number' || cause === 429 || cause >= 500;

  return {
    name,
    send: async (alert) => {
      const { default: pRetry } = await import('p-retry');
      const body = JSON.stringify({ text: alertText(alert), alert });
      try {
        await pRetry(() => post(body), {
          retries,
          minTimeout: retryAfterMs,
          shouldRetry: ({ error }) => isPassing(error),
          // An alert that cannot be delivered must not keep a process from ending.
          unref: true,
        });
      } catch (error) {
        if (error instanceof AlertDeliveryError) throw error;
        // The message of the runtime may hold the address.
        const problem =
          (error as Error).name === 'TimeoutError' ? `no answer within ${timeoutMs} ms` : 'no connection';
        throw new AlertDeliveryError(name, problem, 'Check its address and the way there', { cause: error });
      }
    },
  };
}
