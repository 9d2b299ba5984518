import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerWithin } from './answer-within.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('answerWithin', () => {
  it('hands answers and errors on, and leaves no timer', async () => {
    await expect(answerWithin(1_000, () => Promise.resolve(7))).resolves.toBe(7);
    await expect(answerWithin(1_000, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives up in time, and says so to what it asked', async () => {
    let signal: AbortSignal | undefined;
    const answer = expect(
      answerWithin(1_000, (given) => {
        signal = given;
        return new Promise(() => undefined);
      }),
    ).rejects.toThrow('no answer within 1000 ms');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(signal?.aborted).toBe(false);
    // The last look at what has come.
    await vi.advanceTimersByTimeAsync(1);
    await answer;
    expect(signal?.aborted).toBe(true);
  });

  it('takes an answer that came in time but is read late, because the process was busy', async () => {
    const answer = answerWithin(1_000, () => new Promise((resolve) => setTimeout(resolve, 1_000, 7)));
    await vi.advanceTimersByTimeAsync(1_001);
    await expect(answer).resolves.toBe(7);
    expect(vi.getTimerCount()).toBe(0);
  });
});
