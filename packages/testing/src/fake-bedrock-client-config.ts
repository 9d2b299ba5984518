import type { FakeRequestHandler } from './fake-request-handler.js';

/** How the client of {@link fakeBedrockClientConfig} behaves. */
export interface FakeClientOptions {
  /** @defaultValue `"us-east-1"` */
  readonly region?: string;
  /** Attempts per call, the first included. @defaultValue `3`, the SDK's own */
  readonly maxAttempts?: number;
  /**
   * `none` retries what the SDK retries, at once; `real` keeps the SDK's own waits of up to seconds.
   *
   * @defaultValue `"none"`
   */
  readonly retryDelays?: 'none' | 'real';
}

interface RetryToken {
  getRetryCount(): number;
  getRetryDelay(): number;
}

/** A retry strategy in the SDK's shape that never waits. */
export interface ImmediateRetryStrategy {
  /** The token of a call's first attempt. */
  acquireInitialRetryToken(): Promise<RetryToken>;
  /** The token of the next attempt; rejects when there is to be none. */
  refreshRetryTokenForRetry(token: RetryToken, info: { readonly errorType: string }): Promise<RetryToken>;
  /** Nothing is remembered. */
  recordSuccess(): void;
}

/** The part of a client's configuration that replaces the network. */
export interface FakeClientConfig {
  /** The Region that requests are signed for. */
  region: string;
  /** Keys that open nothing. */
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** The handler that was passed in. */
  requestHandler: FakeRequestHandler;
  /** Attempts per call, the first included. */
  maxAttempts: number;
  /** Retries without waiting; absent with `retryDelays: "real"`. */
  retryStrategy?: ImmediateRetryStrategy;
}

const tokenOf = (count: number): RetryToken => ({ getRetryCount: () => count, getRetryDelay: () => 0 });

function immediateRetries(maxAttempts: number): ImmediateRetryStrategy {
  return {
    acquireInitialRetryToken: async () => tokenOf(0),
    async refreshRetryTokenForRetry(token, { errorType }) {
      const count = token.getRetryCount() + 1;
      if (errorType === 'CLIENT_ERROR' || count >= maxAttempts) throw new Error('no retry');
      return tokenOf(count);
    },
    recordSuccess() {},
  };
}

/**
 * The configuration of a client that talks to a fake handler: Region, credentials that open nothing, and
 * retries that do not wait.
 *
 * @example
 * ```ts
 * const client = new BedrockRuntimeClient(fakeBedrockClientConfig(handler));
 * ```
 */
export function fakeBedrockClientConfig(
  handler: FakeRequestHandler,
  options: FakeClientOptions = {},
): FakeClientConfig {
  const maxAttempts = options.maxAttempts ?? 3;
  return {
    region: options.region ?? 'us-east-1',
    credentials: { accessKeyId: 'fake-access-key', secretAccessKey: 'fake-secret-key' },
    requestHandler: handler,
    maxAttempts,
    ...(options.retryDelays === 'real' ? {} : { retryStrategy: immediateRetries(maxAttempts) }),
  };
}
