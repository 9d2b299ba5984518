import { Buffer } from 'node:buffer';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import { describe, expect, it } from 'vitest';
import { encodeConverseStream, encodeEventStream, encodeInvokeStream } from './event-stream.js';

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);

function decode(frame: Uint8Array): { headers: Record<string, unknown>; body: Record<string, unknown> } {
  const { headers, body } = codec.decode(frame);
  const text = Buffer.from(body).toString('utf8');
  return {
    headers: Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value])),
    body: text === '' ? {} : JSON.parse(text),
  };
}

describe('encodeEventStream', () => {
  it('writes an event as the service does', () => {
    const [frame] = encodeEventStream([{ event: 'messageStart', payload: { role: 'assistant' } }]);
    expect(decode(frame as Uint8Array)).toEqual({
      headers: {
        ':event-type': 'messageStart',
        ':content-type': 'application/json',
        ':message-type': 'event',
      },
      body: { role: 'assistant', p: expect.stringMatching(/^[a-zA-Z0-9]+$/) },
    });
  });

  it('pads frames by different lengths, the same in every run, and not at all when asked', () => {
    const messages = Array.from({ length: 5 }, () => ({
      event: 'contentBlockStop',
      payload: { contentBlockIndex: 0 },
    }));
    const lengths = encodeEventStream(messages).map((frame) => frame.length);
    expect(new Set(lengths).size).toBe(5);
    expect(encodeEventStream(messages).map((frame) => frame.length)).toEqual(lengths);
    const [plain] = encodeEventStream(messages, { padding: false });
    expect(decode(plain as Uint8Array).body).toEqual({ contentBlockIndex: 0 });
  });

  it('writes exceptions and errors without padding', () => {
    const [exception, error] = encodeEventStream([
      { exception: 'throttlingException', payload: { message: 'slow down' } },
      { error: { code: 'InternalError', message: 'no luck' } },
    ]);
    expect(decode(exception as Uint8Array)).toEqual({
      headers: {
        ':message-type': 'exception',
        ':exception-type': 'throttlingException',
        ':content-type': 'application/json',
      },
      body: { message: 'slow down' },
    });
    expect(decode(error as Uint8Array)).toEqual({
      headers: { ':message-type': 'error', ':error-code': 'InternalError', ':error-message': 'no luck' },
      body: {},
    });
  });

  it('writes bytes in base64, however deep they lie', () => {
    const payload = { delta: { list: [{ bytes: new Uint8Array([1, 2, 255]) }] } };
    const [frame] = encodeEventStream([{ event: 'x', payload }], { padding: false });
    expect(decode(frame as Uint8Array).body).toEqual({ delta: { list: [{ bytes: 'AQL/' }] } });
  });
});

describe('encodeConverseStream', () => {
  it('takes the name of each event from its member', () => {
    const frames = encodeConverseStream([
      { messageStart: { role: 'assistant' }, metadata: undefined },
      { validationException: { message: 'bad' } },
    ]);
    expect(frames.map((frame) => decode(frame).headers[':message-type'])).toEqual(['event', 'exception']);
    expect(decode(frames[0] as Uint8Array).headers[':event-type']).toBe('messageStart');
  });

  it('refuses an event without a member', () => {
    expect(() => encodeConverseStream([{}])).toThrow('costkit testing: a stream event has no member.');
  });
});

describe('encodeInvokeStream', () => {
  it('wraps the JSON of the provider in a chunk', () => {
    const chunk = { type: 'content_block_delta', delta: { text: 'grüße 😀' } };
    const [frame] = encodeInvokeStream([chunk]);
    const { headers, body } = decode(frame as Uint8Array);
    expect(headers[':event-type']).toBe('chunk');
    expect(JSON.parse(Buffer.from(body['bytes'] as string, 'base64').toString('utf8'))).toEqual(chunk);
  });

  it('lets an exception stand between chunks', () => {
    const [, frame] = encodeInvokeStream([
      { type: 'message_start' },
      { modelStreamErrorException: { message: 'x' } },
    ]);
    expect(decode(frame as Uint8Array).headers[':exception-type']).toBe('modelStreamErrorException');
  });
});
