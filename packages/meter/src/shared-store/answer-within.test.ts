import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerWithin } from './answer-within.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('answerWithin', () => {
  it('hands answers and errors on, and leaves no timer', async () => {
    await expect(answerWithin(1_000, Promise.resolve(7))).resolves.toBe(7);
    await expect(answerWithin(1_000, Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives up in time', async () => {
    const answer = expect(answerWithin(1_000, new Promise(() => undefined))).rejects.toThrow(
      'no answer within 1000 ms',
    );
    await vi.advanceTimersByTimeAsync(1_000);
    await answer;
  });
});
