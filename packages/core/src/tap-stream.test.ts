import { describe, expect, it, vi } from 'vitest';
import { isStarted, type StreamOutcome, tapStream } from './tap-stream.js';

const CHUNKS = [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }];

function tapped(source: AsyncIterable<object>) {
  const seen: object[] = [];
  const ends: StreamOutcome[] = [];
  const stop = vi.fn();
  const stream = tapStream(
    source,
    { onChunk: (chunk) => seen.push(chunk), onEnd: (end) => ends.push(end) },
    stop,
  );
  return { stream, seen, ends, stop };
}

async function* chunks(failure?: Error): AsyncGenerator<object> {
  yield* CHUNKS;
  if (failure !== undefined) throw failure;
}

describe('tapStream', () => {
  it('hands every chunk on by reference and tells of each and of the end', async () => {
    const { stream, seen, ends, stop } = tapped(chunks());
    const got: object[] = [];
    for await (const chunk of stream) got.push(chunk);
    expect(got).toEqual(CHUNKS);
    expect(got.every((chunk, index) => chunk === CHUNKS[index])).toBe(true);
    expect(seen).toEqual(CHUNKS);
    expect(ends).toEqual([{ finished: true }]);
    expect(stop).not.toHaveBeenCalled();
  });

  it('hands a chunk on before the source has the next one', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { stream } = tapped(
      (async function* () {
        yield CHUNKS[0] as object;
        await gate;
        yield CHUNKS[1] as object;
      })(),
    );
    const iterator = stream[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toBe(CHUNKS[0]);
    release();
    expect((await iterator.next()).value).toBe(CHUNKS[1]);
  });

  it('stops the source when the consumer leaves, and tells once', async () => {
    const { stream, seen, ends, stop } = tapped(chunks());
    for await (const _ of stream) if (seen.length === 2) break;
    expect(seen).toEqual(CHUNKS.slice(0, 2));
    expect(stop).toHaveBeenCalledTimes(1);
    expect(ends).toEqual([{ finished: false }]);
  });

  it('stops the source also when the consumer leaves before the first chunk', async () => {
    const { stream, ends, stop } = tapped(chunks());
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.return?.();
    expect(stop).toHaveBeenCalledTimes(1);
    expect(ends).toEqual([{ finished: false }]);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('does not wait for a chunk that never comes when the consumer leaves meanwhile', async () => {
    const { stream, ends, stop } = tapped(
      (async function* () {
        yield CHUNKS[0] as object;
        await new Promise(() => undefined);
      })(),
    );
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    void iterator.next();
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(stop).toHaveBeenCalledTimes(1);
    expect(ends).toEqual([{ finished: false }]);
  });

  it('throws the very error of the source and closes nothing that is closed', async () => {
    const failure = new Error('ModelStreamErrorException');
    const { stream, ends, stop } = tapped(chunks(failure));
    await expect(async () => {
      for await (const _ of stream) {
      }
    }).rejects.toBe(failure);
    expect(ends).toEqual([{ finished: false, error: failure }]);
    expect(stop).not.toHaveBeenCalled();
  });

  it('survives a watcher that throws', async () => {
    const broken = (): never => {
      throw new Error('watcher');
    };
    const got: object[] = [];
    for await (const chunk of tapStream(chunks(), { onChunk: broken, onEnd: broken }, broken))
      got.push(chunk);
    expect(got).toEqual(CHUNKS);
    for await (const _ of tapStream(chunks(), { onChunk: broken, onEnd: broken }, broken)) break;
  });

  it('tells of the end once, however often the stream is read', async () => {
    const { stream, ends } = tapped(chunks());
    for await (const _ of stream) {
    }
    for await (const _ of stream) {
    }
    expect(ends).toHaveLength(1);
  });
});

describe('isStarted', () => {
  it('is true from the moment somebody asks for chunks', () => {
    const { stream } = tapped(chunks());
    expect(isStarted(stream)).toBe(false);
    stream[Symbol.asyncIterator]();
    expect(isStarted(stream)).toBe(true);
  });
});
