import { afterEach, describe, expect, it, vi } from 'vitest';
import { aReceipt } from '../tests/a-receipt.js';
import { callbackSink } from './callback-sink.js';
import { memorySink } from './memory-sink.js';
import type { SinkFailure } from './sink.js';
import { createSinkFanOut } from './sink-fan-out.js';

afterEach(() => vi.useRealTimers());

const never = (): Promise<void> => new Promise(() => undefined);

describe('createSinkFanOut', () => {
  it('hands every receipt to every sink', () => {
    const [one, two] = [memorySink(), memorySink()];
    createSinkFanOut([one, two]).write(aReceipt({ id: 'a' }));
    expect(one.receipts).toEqual(two.receipts);
    expect(one.receipts[0]?.id).toBe('a');
  });

  it('goes on with the others when a sink throws or rejects, and reports it', async () => {
    const failures: SinkFailure[] = [];
    const memory = memorySink();
    const thrown = new Error('thrown');
    const rejected = new Error('rejected');
    const fanOut = createSinkFanOut(
      [
        {
          name: 'thrower',
          write: () => {
            throw thrown;
          },
        },
        callbackSink(() => Promise.reject(rejected)),
        memory,
      ],
      (failure) => failures.push(failure),
    );
    fanOut.write(aReceipt());
    fanOut.write(aReceipt());
    await fanOut.flush(1_000);
    expect(memory.receipts).toHaveLength(2);
    expect(failures.filter(({ sink }) => sink === 'thrower')).toEqual([
      { sink: 'thrower', error: thrown, failures: 1 },
      { sink: 'thrower', error: thrown, failures: 2 },
    ]);
    expect(failures.filter(({ sink }) => sink === 'callback sink').map(({ error }) => error)).toEqual([
      rejected,
      rejected,
    ]);
  });

  it('survives a listener that throws', () => {
    const fanOut = createSinkFanOut(
      [
        {
          write: () => {
            throw new Error('sink');
          },
        },
      ],
      () => {
        throw new Error('listener');
      },
    );
    expect(() => fanOut.write(aReceipt())).not.toThrow();
  });

  it('lets receipts pass a sink that hangs, says so once, and holds no more than its share', () => {
    const failures: SinkFailure[] = [];
    let written = 0;
    const fanOut = createSinkFanOut(
      [
        {
          name: 'hanging',
          write: () => {
            written += 1;
            return never();
          },
        },
      ],
      (failure) => failures.push(failure),
    );
    for (let index = 0; index < 10_050; index += 1) fanOut.write(aReceipt());
    expect(written).toBe(10_000);
    expect(failures).toEqual([{ sink: 'hanging', error: undefined, failures: 1 }]);
  });

  it('does not wait longer than told for a sink that hangs', async () => {
    vi.useFakeTimers();
    const failures: SinkFailure[] = [];
    const closed = vi.fn();
    const fanOut = createSinkFanOut(
      [
        { name: 'hanging', write: never },
        { name: 'quick', write: () => undefined, close: closed },
      ],
      (failure) => failures.push(failure),
    );
    fanOut.write(aReceipt());
    const closing = fanOut.close(250);
    await vi.advanceTimersByTimeAsync(250);
    await closing;
    expect(closed).toHaveBeenCalledOnce();
    expect(failures).toMatchObject([
      { sink: 'hanging', error: { message: expect.stringContaining('250 ms') } },
    ]);
  });

  it('warns through the process when nobody listens, once for each sink', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const fanOut = createSinkFanOut([
      {
        write: () => {
          throw new Error('disk on fire');
        },
      },
    ]);
    fanOut.write(aReceipt());
    fanOut.write(aReceipt());
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('sink 1 failed: disk on fire'), {
      code: 'COSTKIT_SINK',
    });
    warn.mockRestore();
  });
});

describe('createSinkFanOut with sinks that want to know of calls that begin', () => {
  it('tells them, whatever one of them throws', () => {
    const opened: string[] = [];
    const failures: SinkFailure[] = [];
    const error = new Error('no span');
    const fanOut = createSinkFanOut(
      [
        {
          name: 'thrower',
          open: () => {
            throw error;
          },
          write: () => undefined,
        },
        { name: 'other', write: () => undefined },
        { name: 'listener', open: (callId) => void opened.push(callId), write: () => undefined },
      ],
      (failure) => failures.push(failure),
    );
    fanOut.open?.('call-1');
    expect(opened).toEqual(['call-1']);
    expect(failures).toEqual([{ sink: 'thrower', error, failures: 1 }]);
  });

  it('costs a call nothing when there are none', () => {
    expect(createSinkFanOut([memorySink()]).open).toBeUndefined();
  });
});

describe('memorySink', () => {
  it('keeps the latest receipts', () => {
    const sink = memorySink({ maxReceipts: 2 });
    for (const id of ['a', 'b', 'c']) void sink.write(aReceipt({ id }));
    expect(sink.receipts.map(({ id }) => id)).toEqual(['b', 'c']);
    sink.clear();
    expect(sink.receipts).toEqual([]);
  });
});
