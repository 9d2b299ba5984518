import { describe, expect, it } from 'vitest';
import { createTestClock } from './test-clock.js';

describe('createTestClock', () => {
  it('starts where it is told and moves only when told', async () => {
    const clock = createTestClock({ startAt: new Date('2026-05-01T12:00:00Z') });
    expect(new Date(clock.now()).toISOString()).toBe('2026-05-01T12:00:00.000Z');
    expect(clock.monotonicMs()).toBe(0);
    await clock.advance(90_000);
    expect(new Date(clock.now()).toISOString()).toBe('2026-05-01T12:01:30.000Z');
    expect(clock.monotonicMs()).toBe(90_000);
  });

  it('wakes sleepers in the order in which they are due, each at its own time', async () => {
    const clock = createTestClock();
    const woken: [string, number][] = [];
    const sleep = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms);
      woken.push([name, clock.monotonicMs()]);
    };
    const all = Promise.all([
      sleep('late', 300),
      sleep('early', 100),
      sleep('also early', 100),
      sleep('never', 1000),
    ]);
    await clock.advance(500);
    expect(woken).toEqual([
      ['early', 100],
      ['also early', 100],
      ['late', 300],
    ]);
    expect(clock.sleeping).toBe(1);
    await clock.advance(500);
    await all;
    expect(clock.sleeping).toBe(0);
  });

  it('lets one who sleeps again wake in the same advance', async () => {
    const clock = createTestClock();
    const at: number[] = [];
    const loop = (async () => {
      for (let round = 0; round < 4; round++) {
        await clock.sleep(250);
        at.push(clock.monotonicMs());
      }
    })();
    await clock.advance(1000);
    await loop;
    expect(at).toEqual([250, 500, 750, 1000]);
  });

  it('rejects with the reason of the signal, before and during the sleep', async () => {
    const clock = createTestClock();
    const reason = new Error('enough');
    await expect(clock.sleep(10, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const sleeping = clock.sleep(10, controller.signal);
    const outcome = expect(sleeping).rejects.toBe(reason);
    controller.abort(reason);
    await outcome;
    expect(clock.sleeping).toBe(0);
  });
});
