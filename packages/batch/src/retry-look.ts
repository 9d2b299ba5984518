import type { BatchClock } from './types.js';

const MOST_RETRIES = 8;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** Whether a request may succeed when it is repeated: it says nothing about what was asked. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  if (/^(Throttl|TooManyRequests|SlowDown)/.test(name)) return true;
  const status = $metadata?.httpStatusCode;
  return status === undefined ? isConnection(error) : status === 429 || status >= 500;
}

const isConnection = (error: Error): boolean =>
  ['TimeoutError', 'NetworkingError', 'RequestTimeout'].includes(error.name) ||
  /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST)/.test((error as NodeJS.ErrnoException).code ?? '') ||
  /socket hang up|connection/i.test(error.message);

/** Repeats a request to the service that fails in passing, with back-off by the given clock. */
export async function retried<T>(
  request: () => Promise<T>,
  { clock, signal }: { readonly clock: BatchClock; readonly signal: AbortSignal },
): Promise<T> {
  const { default: pRetry } = await import('p-retry');
  return pRetry(request, {
    retries: MOST_RETRIES,
    // The waiting is ours, so that time in tests is the test's.
    minTimeout: 0,
    maxTimeout: 0,
    shouldRetry: ({ error }) => isTransient(error),
    onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
      if (retriesLeft === 0 || !isTransient(error)) return;
      const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attemptNumber - 1));
      await clock.sleep(Math.round(waitMs * (0.5 + Math.random() / 2)), signal);
    },
    signal,
  });
}
