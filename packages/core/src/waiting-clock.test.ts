import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemWaitingClock } from './waiting-clock.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('systemWaitingClock', () => {
  it('sleeps until its time, and leaves nothing behind', async () => {
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    const sleeping = systemWaitingClock.sleep(1_000, controller.signal);
    await vi.advanceTimersByTimeAsync(1_000);
    await sleeping;
    expect(removed).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('wakes with the reason of the signal, and stops its timer', async () => {
    const controller = new AbortController();
    const sleeping = expect(systemWaitingClock.sleep(1_000, controller.signal)).rejects.toThrow('enough');
    controller.abort(new Error('enough'));
    await sleeping;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not fall asleep when it is too late', async () => {
    await expect(systemWaitingClock.sleep(1_000, AbortSignal.abort(new Error('before')))).rejects.toThrow(
      'before',
    );
    expect(vi.getTimerCount()).toBe(0);
  });
});
