import { describe, expect, it, vi } from 'vitest';
import { createManualClock, systemClock } from './clock.js';

describe('createManualClock', () => {
  it('stands still until it is advanced', async () => {
    const clock = createManualClock(1_000);
    expect(clock.now()).toBe(1_000);
    await clock.advance(250);
    expect(clock.now()).toBe(1_250);
  });

  it('wakes sleepers in the order of their times, each at its own time', async () => {
    const clock = createManualClock(0);
    const woken: [string, number][] = [];
    const sleeper = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms);
      woken.push([name, clock.now()]);
    };
    const all = [sleeper('late', 300), sleeper('early', 100), sleeper('never', 1_000)];
    await clock.advance(500);
    expect(woken).toEqual([
      ['early', 100],
      ['late', 300],
    ]);
    expect(clock.now()).toBe(500);
    await clock.advance(500);
    await Promise.all(all);
    expect(woken).toHaveLength(3);
  });

  it('wakes a sleeper that goes to sleep again within the span', async () => {
    const clock = createManualClock(0);
    const wakings: number[] = [];
    const loop = (async () => {
      for (let round = 0; round < 5; round += 1) {
        await clock.sleep(60_000);
        wakings.push(clock.now());
      }
    })();
    await clock.advance(5 * 60_000);
    await loop;
    expect(wakings).toEqual([60_000, 120_000, 180_000, 240_000, 300_000]);
  });

  it('wakes nobody who was aborted, and tells them why', async () => {
    const clock = createManualClock(0);
    const controller = new AbortController();
    const asleep = clock.sleep(10, controller.signal);
    controller.abort(new Error('enough'));
    await expect(asleep).rejects.toThrow('enough');
    await expect(clock.sleep(10, controller.signal)).rejects.toThrow('enough');
    await clock.advance(20);
  });

  it('refuses to go backwards or to start nowhere', async () => {
    await expect(createManualClock(0).advance(-1)).rejects.toThrow(RangeError);
    await expect(createManualClock(0).advance(Number.NaN)).rejects.toThrow(RangeError);
    expect(() => createManualClock(Number.NaN)).toThrow(RangeError);
  });
});

describe('systemClock', () => {
  it('sleeps on real timers, and stops when aborted', async () => {
    vi.useFakeTimers();
    try {
      let done = false;
      const asleep = systemClock.sleep(1_000).then(() => {
        done = true;
      });
      await vi.advanceTimersByTimeAsync(999);
      expect(done).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      await asleep;
      const controller = new AbortController();
      // Counted without waiting in between: other files' timers come and go.
      const timers = vi.getTimerCount();
      const aborted = systemClock.sleep(1_000, controller.signal);
      expect(vi.getTimerCount()).toBe(timers + 1);
      controller.abort(new Error('gone'));
      const refused = systemClock.sleep(1, controller.signal);
      expect(vi.getTimerCount()).toBe(timers);
      await expect(aborted).rejects.toThrow('gone');
      await expect(refused).rejects.toThrow('gone');
    } finally {
      vi.useRealTimers();
    }
  });
});
