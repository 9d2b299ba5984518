import { describe, expect, it } from 'vitest';
import { bufferStream } from './buffer-stream.js';

const events = [{ a: 1 }, { b: 2 }, { c: 3 }];

async function* emit(): AsyncGenerator<object> {
  yield* events;
}

async function collect(stream: unknown): Promise<object[]> {
  const seen: object[] = [];
  for await (const event of stream as AsyncIterable<object>) seen.push(event);
  return seen;
}

describe('bufferStream', () => {
  it.each(['stream', 'body'])('replays the very same events in "%s", as often as asked', async (member) => {
    const output = { [member]: emit(), $metadata: { requestId: 'r1' } };
    const buffered = await bufferStream({ output, response: 'http', view: undefined });
    const replay = buffered.replay();
    expect(replay.response).toBe('http');
    expect(replay.output).toMatchObject({ $metadata: { requestId: 'r1' } });
    const stream = (replay.output as Record<string, unknown>)[member];
    const seen = await collect(stream);
    expect(seen.map((event, index) => event === events[index])).toEqual([true, true, true]);
    expect(await collect(stream)).toEqual(events);
  });

  it('shows each event once to what judges whether it is enough, so that long thinking takes no longer', async () => {
    const seen: object[] = [];
    const isEnough = (event: object): boolean => seen.push(event) === 2;
    const buffered = await bufferStream({ output: { stream: emit() }, view: undefined }, isEnough);
    expect(seen).toEqual(events.slice(0, 2));
    expect(buffered.ended).toBe(false);
    expect(await collect((buffered.replay().output as { stream: unknown }).stream)).toEqual(events);
  });

  it('throws what the stream throws', async () => {
    const failure = new Error('lost');
    const output = {
      stream: (async function* () {
        yield events[0] as object;
        throw failure;
      })(),
    };
    await expect(bufferStream({ output, view: undefined })).rejects.toBe(failure);
  });

  it('closes a stream that cannot be read far enough to judge it', async () => {
    let isClosed = false;
    const output = {
      stream: (async function* () {
        try {
          yield* events;
        } finally {
          isClosed = true;
        }
      })(),
    };
    const unreadable = (): boolean => {
      throw new SyntaxError('no JSON');
    };
    let read = 0;
    const isEnough = (): boolean => (read++ === 0 ? false : unreadable());
    await expect(bufferStream({ output, view: undefined }, isEnough)).rejects.toThrow('no JSON');
    expect(isClosed).toBe(true);
  });
});
