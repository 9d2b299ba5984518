import { EventStreamCodec, type MessageHeaders } from '@smithy/eventstream-codec';

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);

const PADDING = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Content type of every streamed Bedrock response. */
export const EVENT_STREAM_CONTENT_TYPE = 'application/vnd.amazon.eventstream';

function encode(headers: Readonly<Record<string, string>>, payload: unknown): Uint8Array {
  const marshalled: MessageHeaders = {};
  for (const [name, value] of Object.entries(headers)) marshalled[name] = { type: 'string', value };
  return codec.encode({ headers: marshalled, body: Buffer.from(JSON.stringify(payload), 'utf8') });
}

/**
 * One event as a frame. Real frames carry a member `p` of varying length that hides the length of the text;
 * here its length follows from the payload, so that a run can be repeated byte for byte.
 */
export function eventFrame(type: string, payload: Readonly<Record<string, unknown>>): Uint8Array {
  const padding = PADDING.slice(0, 4 + ((JSON.stringify(payload).length * 7) % (PADDING.length - 4)));
  return encode(
    { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' },
    { ...payload, p: padding },
  );
}

/** An error in the middle of a stream; `type` is the camelCase member of the stream's union. */
export function exceptionFrame(type: string, message: string): Uint8Array {
  return encode(
    { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' },
    { message },
  );
}
