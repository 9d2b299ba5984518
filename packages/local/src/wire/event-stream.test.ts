import { EventStreamCodec } from '@smithy/eventstream-codec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventFrame, exceptionFrame } from './event-stream.js';

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);
const read = (frame: Uint8Array): { headers: Record<string, unknown>; payload: Record<string, unknown> } => {
  const { headers, body } = codec.decode(frame);
  return {
    headers: Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value])),
    payload: JSON.parse(Buffer.from(body).toString('utf8')),
  };
};

describe('eventFrame', () => {
  it('carries any payload unchanged, with padding', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().filter((key) => key !== 'p' && key !== '__proto__'),
          fc.jsonValue(),
        ),
        (payload) => {
          const { headers, payload: read_ } = read(eventFrame('contentBlockDelta', payload));
          const { p, ...rest } = read_;
          expect(rest).toEqual(JSON.parse(JSON.stringify(payload)));
          expect(p).toMatch(/^abcd/);
          expect(headers).toEqual({
            ':event-type': 'contentBlockDelta',
            ':content-type': 'application/json',
            ':message-type': 'event',
          });
        },
      ),
    );
  });

  it('is the same bytes for the same payload', () => {
    expect(eventFrame('chunk', { bytes: 'eA==' })).toEqual(eventFrame('chunk', { bytes: 'eA==' }));
  });
});

describe('exceptionFrame', () => {
  it('names the exception', () => {
    expect(read(exceptionFrame('throttlingException', 'Slow down.'))).toEqual({
      headers: {
        ':exception-type': 'throttlingException',
        ':content-type': 'application/json',
        ':message-type': 'exception',
      },
      payload: { message: 'Slow down.' },
    });
  });
});
