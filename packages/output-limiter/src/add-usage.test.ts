import { describe, expect, it } from 'vitest';
import { addUsage } from './add-usage.js';

describe('addUsage', () => {
  it('adds numbers at every depth and joins lists', () => {
    expect(
      addUsage(
        {
          inputTokens: 1,
          outputTokens: 2,
          cacheDetails: [{ ttl: '5m', inputTokens: 3 }],
          deep: { count: 1 },
        },
        {
          inputTokens: 10,
          cacheReadInputTokens: 5,
          cacheDetails: [{ ttl: '1h', inputTokens: 4 }],
          deep: { count: 2 },
        },
      ),
    ).toEqual({
      inputTokens: 11,
      outputTokens: 2,
      cacheReadInputTokens: 5,
      cacheDetails: [
        { ttl: '5m', inputTokens: 3 },
        { ttl: '1h', inputTokens: 4 },
      ],
      deep: { count: 3 },
    });
  });

  it('takes what there is', () => {
    expect(addUsage(undefined, { inputTokens: 1 })).toEqual({ inputTokens: 1 });
    expect(addUsage({ inputTokens: 1 }, undefined)).toEqual({ inputTokens: 1 });
    expect(addUsage(undefined, undefined)).toBeUndefined();
  });
});
