import { Buffer } from 'node:buffer';
import { EventStreamCodec, type MessageHeaders } from '@smithy/eventstream-codec';

/** One frame of an event stream, before encoding. */
export type EventStreamMessage =
  /** A regular event. `event` is the camel-case member, e.g. `contentBlockDelta`. */
  | { readonly event: string; readonly payload: unknown }
  /**
   * A modelled exception in the middle of a stream. `exception` is the camel-case member, e.g.
   * `throttlingException`: with another spelling the SDK throws a bare `Error`.
   */
  | { readonly exception: string; readonly payload: unknown }
  /** An error that the service model does not know. */
  | { readonly error: { readonly code: string; readonly message: string } };

/** What {@link encodeEventStream} adds to a frame. */
export interface EncodeOptions {
  /**
   * Whether to add the padding member `p` of random length that Bedrock's real frames carry (observed). The
   * SDK drops it. Its length follows from the frame's place, so that equal input gives equal bytes.
   *
   * @defaultValue `true`
   */
  readonly padding?: boolean;
}

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);

const PADDING = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** The JSON form of a value as rest-json writes it: bytes in base64. @internal */
export function toWire(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toWire(member)]));
  }
  return value;
}

/**
 * Encodes frames of `application/vnd.amazon.eventstream`, one `Uint8Array` per message.
 *
 * @example
 * ```ts
 * const frames = encodeEventStream([{ event: 'messageStart', payload: { role: 'assistant' } }]);
 * ```
 */
export function encodeEventStream(
  messages: readonly EventStreamMessage[],
  options: EncodeOptions = {},
): Uint8Array[] {
  return messages.map((message, index) => encodeMessage(message, index, options.padding ?? true));
}

function encodeMessage(message: EventStreamMessage, index: number, padding: boolean): Uint8Array {
  if ('error' in message) {
    return frame({
      ':message-type': 'error',
      ':error-code': message.error.code,
      ':error-message': message.error.message,
    });
  }
  if ('exception' in message) {
    const headers = {
      ':message-type': 'exception',
      ':exception-type': message.exception,
      ':content-type': 'application/json',
    };
    return frame(headers, message.payload);
  }
  const headers = {
    ':event-type': message.event,
    ':content-type': 'application/json',
    ':message-type': 'event',
  };
  const payload = toWire(message.payload) as object;
  return frame(
    headers,
    padding ? { ...payload, p: PADDING.slice(0, 1 + ((index * 17) % PADDING.length)) } : payload,
  );
}

function frame(headers: Readonly<Record<string, string>>, payload?: unknown): Uint8Array {
  const typed: MessageHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, { type: 'string' as const, value }]),
  );
  const body =
    payload === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(toWire(payload)), 'utf8');
  return codec.encode({ headers: typed, body });
}

/**
 * Encodes the events of a ConverseStream, given as the SDK hands them out: objects with one member such as
 * `messageStart`, `contentBlockDelta` or `throttlingException`.
 *
 * @example
 * ```ts
 * const frames = encodeConverseStream(converseStreamEvents({ text: 'Hello' }));
 * ```
 */
export function encodeConverseStream(events: readonly object[], options: EncodeOptions = {}): Uint8Array[] {
  return encodeEventStream(events.map(toMessage), options);
}

function toMessage(event: object): EventStreamMessage {
  const member = Object.entries(event).find(([, value]) => value !== undefined);
  if (member === undefined)
    throw new TypeError(
      'costkit testing: a stream event has no member. Pass e.g. { messageStop: { stopReason } }.',
    );
  const [name, payload] = member;
  return name.endsWith('Exception') ? { exception: name, payload } : { event: name, payload };
}

/**
 * Encodes the chunks of an InvokeModelWithResponseStream: each chunk is the provider's own JSON, which travels
 * in base64 inside a `chunk` event. A chunk with a member such as `throttlingException` becomes an exception.
 *
 * @example
 * ```ts
 * const frames = encodeInvokeStream([{ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } }]);
 * ```
 */
export function encodeInvokeStream(chunks: readonly object[], options: EncodeOptions = {}): Uint8Array[] {
  return encodeEventStream(
    chunks.map((chunk) => {
      const [name = ''] = Object.keys(chunk);
      if (name.endsWith('Exception')) return toMessage(chunk);
      return { event: 'chunk', payload: { bytes: Buffer.from(JSON.stringify(chunk), 'utf8') } };
    }),
    options,
  );
}
