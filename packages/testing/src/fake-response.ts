import { encodeConverseStream, encodeInvokeStream, toWire } from './event-stream.js';

/** A step of a streamed body: bytes to send, or something that happens between them. */
export type StreamStep =
  | Uint8Array
  /** Waits on the handler's clock. */
  | { readonly waitMs: number }
  /** The connection breaks: over HTTP/2 the SDK's loop ends as if all were well, over HTTP/1.1 it throws. */
  | { readonly drop: true }
  /** Nothing more comes until the caller gives up. */
  | { readonly stall: true };

/** What the fake handler answers. Build one with {@link jsonResponse}, {@link errorResponse} and their like. */
export type FakeResponse =
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Uint8Array | readonly StreamStep[];
      /** Time before the response's headers, on the handler's clock. @defaultValue `0` */
      readonly delayMs?: number;
    }
  /** The request fails without a response. */
  | { readonly networkError: Error; readonly delayMs?: number };

/** What every kind of fake response takes. */
export interface FakeResponseOptions {
  /** HTTP status. @defaultValue `200`, for errors the one that belongs to the code */
  readonly status?: number;
  /** Headers in addition to the usual ones; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Time before the response's headers, on the handler's clock. @defaultValue `0` */
  readonly delayMs?: number;
}

const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(toWire(value)));
const delay = (options: FakeResponseOptions): { delayMs?: number } =>
  options.delayMs === undefined ? {} : { delayMs: options.delayMs };

/**
 * A JSON answer, e.g. of Converse, InvokeModel or CountTokens.
 *
 * @example
 * ```ts
 * jsonResponse(converseResponse({ text: 'Paris.' }))
 * ```
 */
export function jsonResponse(body: unknown, options: FakeResponseOptions = {}): FakeResponse {
  return {
    status: options.status ?? 200,
    headers: { 'content-type': 'application/json', ...options.headers },
    body: bytesOf(body),
    ...delay(options),
  };
}

/** HTTP statuses of the errors that Bedrock's runtime is modelled with (SDK service model). */
const ERROR_STATUS: Readonly<Record<string, number>> = {
  AccessDeniedException: 403,
  ConflictException: 400,
  InternalServerException: 500,
  ModelErrorException: 424,
  ModelNotReadyException: 429,
  ModelStreamErrorException: 424,
  ModelTimeoutException: 408,
  ResourceNotFoundException: 404,
  ServiceQuotaExceededException: 400,
  ServiceUnavailableException: 503,
  ThrottlingException: 429,
  ValidationException: 400,
};

/**
 * An error as Bedrock sends it: the code in `x-amzn-errortype`, with the suffix the service appends, and the
 * message in the body.
 *
 * @example
 * ```ts
 * errorResponse('ThrottlingException', 'Too many requests, please wait before trying again.')
 * ```
 */
export function errorResponse(
  code: string,
  message: string,
  options: FakeResponseOptions = {},
): FakeResponse {
  return {
    status: options.status ?? ERROR_STATUS[code] ?? 400,
    headers: {
      'content-type': 'application/json',
      'x-amzn-errortype': `${code}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
      ...options.headers,
    },
    body: bytesOf({ message }),
    ...delay(options),
  };
}

/** A connection that fails before a response came. @defaultValue the error's code is `ECONNRESET` */
export function networkErrorResponse(
  code = 'ECONNRESET',
  options: Pick<FakeResponseOptions, 'delayMs'> = {},
): FakeResponse {
  const networkError = Object.assign(new Error(`fake network error ${code}`), { code });
  return { networkError, ...delay(options) };
}

/**
 * A streamed body made of frames and of what happens between them.
 *
 * @example
 * ```ts
 * const frames = encodeConverseStream(converseStreamEvents({ text: 'Hello' }));
 * eventStreamResponse([...frames.slice(0, 3), { drop: true }])
 * ```
 */
export function eventStreamResponse(
  steps: readonly StreamStep[],
  options: FakeResponseOptions = {},
): FakeResponse {
  return {
    status: options.status ?? 200,
    headers: { 'content-type': 'application/vnd.amazon.eventstream', ...options.headers },
    body: steps,
    ...delay(options),
  };
}

/** The answer to a ConverseStream, from the events as the SDK hands them out. */
export function converseStreamResponse(
  events: readonly object[],
  options: FakeResponseOptions = {},
): FakeResponse {
  return eventStreamResponse(encodeConverseStream(events), options);
}

/** The answer to an InvokeModelWithResponseStream, from the provider's own chunks. */
export function invokeStreamResponse(
  chunks: readonly object[],
  options: FakeResponseOptions = {},
): FakeResponse {
  return eventStreamResponse(encodeInvokeStream(chunks), {
    ...options,
    headers: { 'x-amzn-bedrock-content-type': 'application/json', ...options.headers },
  });
}
