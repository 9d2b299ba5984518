import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callRate, type RateLimits } from './call-rate.js';

const MINUTE_MS = 60_000;

/** When calls of so many tokens begin, whose turns all come at once; time passes only where one waits. */
async function startsOf(tokens: readonly number[], limits: RateLimits): Promise<number[]> {
  const waits: number[] = [];
  const rate = callRate(limits, {
    now: () => 0,
    sleep: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  });
  const starts: number[] = [];
  for (const count of tokens) {
    const before = waits.length;
    await rate.admit(count);
    starts.push(waits.length === before ? 0 : (waits.at(-1) ?? 0));
  }
  return starts;
}

describe('callRate', () => {
  it('begins at once without limits', async () => {
    expect(await startsOf([5, 5_000, 0], {})).toEqual([0, 0, 0]);
  });

  it('begins no more calls and no more tokens in any minute than are allowed, but for the last call', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 100, max: 5_000 }),
        async (tokens, requestsPerMinute, tokensPerMinute) => {
          const starts = await startsOf(tokens, { requestsPerMinute, tokensPerMinute });
          for (const from of starts) {
            // A hair less than a minute: times are fractions.
            const within = tokens.filter((_, index) => {
              const start = starts[index] ?? 0;
              return start >= from && start < from + MINUTE_MS - 1e-6;
            });
            expect(within.length).toBeLessThanOrEqual(requestsPerMinute);
            const allButLast = within.slice(0, -1).reduce((sum, count) => sum + count, 0);
            expect(allButLast).toBeLessThanOrEqual(tokensPerMinute + 1e-6);
          }
        },
      ),
    ));

  it('stops waiting when it is aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const rate = callRate(
      { requestsPerMinute: 1 },
      { now: () => 0, sleep: (_, given) => Promise.reject(given?.reason as Error) },
    );
    await rate.admit(1, signal);
    await expect(rate.admit(1, signal)).rejects.toThrow('enough');
  });
});
