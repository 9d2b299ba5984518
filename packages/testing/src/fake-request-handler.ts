import { Readable } from 'node:stream';
import { setTimeout as sleepReal } from 'node:timers/promises';
import type { FakeResponse, StreamStep } from './fake-response.js';
import { type HttpRequestLike, type RecordedRequest, recordRequest } from './recorded-request.js';

/** The time that the fake handler waits on; `TestClock` is one. */
export interface FakeHandlerClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves when `ms` have passed; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What {@link fakeRequestHandler} answers, and how. Give `responses` or `handler`. */
export interface FakeRequestHandlerOptions {
  /** Answers, one per attempt, in order. A request beyond the last is an error. */
  readonly responses?: readonly FakeResponse[];
  /** Makes the answer to each request; `index` counts from 0. */
  readonly handler?: (request: RecordedRequest, index: number) => FakeResponse | Promise<FakeResponse>;
  /** @defaultValue the machine's own time */
  readonly clock?: FakeHandlerClock;
  /**
   * Which of the SDK's handlers to behave like. They differ where a stream is aborted or its connection
   * breaks: over HTTP/2, the default of the Bedrock client, the loop ends silently; over HTTP/1.1 it throws.
   *
   * @defaultValue `"h2"`
   */
  readonly protocol?: 'h1' | 'h2';
  /** How many of the latest requests `requests` keeps. @defaultValue all of them */
  readonly keepRequests?: number;
}

/** The SDK's response, as far as the fake handler fills it. */
export interface HttpResponseLike {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array | Readable;
}

/** Per-call options that the SDK passes to its request handler, as far as the fake one reads them. */
export interface HandleOptionsLike {
  readonly abortSignal?: unknown;
}

/** A request handler that answers by a script. Pass it as the client's `requestHandler`. */
export interface FakeRequestHandler {
  readonly metadata: { readonly handlerProtocol: string };
  /** Answers by the script; the SDK calls it for every attempt. */
  handle(request: HttpRequestLike, options?: HandleOptionsLike): Promise<{ response: HttpResponseLike }>;
  /** Remembers that the client was destroyed. */
  destroy(): void;
  /** The SDK asks for its handler's configuration; the fake one has none. */
  updateHttpClientConfig(): void;
  /** Empty, as there is nothing to configure. */
  httpHandlerConfigs(): Record<string, never>;
  /** Every attempt that was made, in order. */
  readonly requests: readonly RecordedRequest[];
  /** Whether the client was destroyed. */
  readonly destroyed: boolean;
}

const realClock: FakeHandlerClock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleepReal(ms, undefined, signal === undefined ? {} : { signal }),
};

/**
 * Stands in for the network: every middleware of the SDK runs (serialising, signing, retrying, parsing), only
 * the connection is replaced.
 *
 * @throws TypeError when neither or both of `responses` and `handler` are given
 *
 * @example
 * ```ts
 * const handler = fakeRequestHandler({ responses: [jsonResponse(converseResponse({ text: 'Paris.' }))] });
 * const client = new BedrockRuntimeClient(fakeBedrockClientConfig(handler));
 * await client.send(new ConverseCommand({ modelId, messages }));
 * handler.requests[0]?.json;
 * ```
 */
export function fakeRequestHandler(options: FakeRequestHandlerOptions): FakeRequestHandler {
  const {
    responses,
    handler,
    clock = realClock,
    protocol = 'h2',
    keepRequests = Number.POSITIVE_INFINITY,
  } = options;
  if ((responses === undefined) === (handler === undefined)) {
    throw new TypeError(
      'costkit testing: fakeRequestHandler needs a script. Pass either "responses" or "handler".',
    );
  }
  const requests: RecordedRequest[] = [];
  let received = 0;
  let destroyed = false;

  const answer = async (request: RecordedRequest, index: number): Promise<FakeResponse> => {
    if (handler !== undefined) return handler(request, index);
    const response = responses?.[index];
    if (response === undefined) {
      throw new Error(
        `costkit testing: request ${index + 1} (${request.operation ?? request.path}) has no scripted response; there are ${responses?.length}. Add one, or use "handler".`,
      );
    }
    return response;
  };

  return {
    metadata: { handlerProtocol: protocol === 'h2' ? 'h2' : 'http/1.1' },
    requests,
    get destroyed(): boolean {
      return destroyed;
    },
    destroy() {
      destroyed = true;
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    async handle(httpRequest, handleOptions = {}) {
      const signal = handleOptions.abortSignal as AbortSignal | undefined;
      const request = recordRequest(httpRequest, clock.now());
      requests.push(request);
      if (requests.length > keepRequests) requests.shift();
      const index = received++;
      if (signal?.aborted) {
        request.outcome = 'aborted';
        throw abortError(signal);
      }
      const response = await untilAborted(answer(request, index), signal, request);
      if (response.delayMs !== undefined && response.delayMs > 0) {
        await untilAborted(clock.sleep(response.delayMs, signal), signal, request);
      }
      if ('networkError' in response) {
        request.outcome = 'failed';
        throw response.networkError;
      }
      const { status: statusCode, body } = response;
      // Copied, so that middleware that edits headers cannot change the script.
      const headers = { ...response.headers };
      if (body instanceof Uint8Array) {
        request.outcome = 'completed';
        return { response: { statusCode, headers, body } };
      }
      return {
        response: { statusCode, headers, body: streamOf(body, { request, clock, protocol, signal }) },
      };
    },
  };
}

/** The error that the SDK's own handlers reject with. */
function abortError(signal: AbortSignal): Error {
  return Object.assign(new Error('Request aborted', { cause: signal.reason }), { name: 'AbortError' });
}

async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  request: RecordedRequest,
): Promise<T> {
  if (signal === undefined) return work;
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      request.outcome = 'aborted';
      reject(abortError(signal));
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

interface StreamContext {
  readonly request: RecordedRequest;
  readonly clock: FakeHandlerClock;
  readonly protocol: 'h1' | 'h2';
  readonly signal: AbortSignal | undefined;
}

/** The body as the SDK's Node handlers give it: a stream whose `destroy()` closes the connection. */
function streamOf(
  steps: readonly StreamStep[],
  { request, clock, protocol, signal }: StreamContext,
): Readable {
  const closed = new AbortController();
  let position = 0;
  let sending = false;

  const breakOff = (outcome: 'aborted' | 'dropped'): void => {
    if (request.outcome !== 'pending') return;
    request.outcome = outcome;
    // Measured with the SDK's handlers: HTTP/2 ends the loop silently, HTTP/1.1 throws "aborted".
    if (protocol === 'h2') stream.push(null);
    else stream.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
    closed.abort();
  };

  const send = async (): Promise<void> => {
    while (request.outcome === 'pending') {
      const step = steps[position++];
      if (step === undefined) {
        request.outcome = 'completed';
        stream.push(null);
      } else if (step instanceof Uint8Array) {
        request.framesSent++;
        stream.push(step);
        return;
      } else if ('waitMs' in step) {
        await clock.sleep(step.waitMs, closed.signal).catch(() => undefined);
      } else if ('drop' in step) {
        breakOff('dropped');
      } else {
        await new Promise((resolve) => closed.signal.addEventListener('abort', resolve, { once: true }));
      }
    }
  };

  const stream = new Readable({
    // One frame at a time: `framesSent` then says how far the consumer came, not how much was buffered.
    highWaterMark: 1,
    read() {
      if (sending) return;
      sending = true;
      void send().finally(() => {
        sending = false;
      });
    },
    destroy(error, callback) {
      if (request.outcome === 'pending') request.outcome = 'destroyed';
      closed.abort();
      signal?.removeEventListener('abort', onAbort);
      callback(error);
    },
  });
  const onAbort = (): void => breakOff('aborted');
  signal?.addEventListener('abort', onAbort, { once: true });
  return stream;
}
