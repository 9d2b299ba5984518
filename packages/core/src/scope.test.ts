import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { aCall } from '../tests/a-call.js';
import { collectReceipts, currentTags, withTags } from './scope.js';

describe('withTags', () => {
  it('holds for everything below it, and not beside it', async () => {
    const seen = await withTags({ team: 'care', feature: 'search' }, async () => {
      const inner = await withTags({ feature: 'support' }, async () => {
        await wait(0);
        return currentTags();
      });
      return [inner, currentTags()];
    });
    expect(seen).toEqual([
      { team: 'care', feature: 'support' },
      { team: 'care', feature: 'search' },
    ]);
    expect(currentTags()).toEqual({});
  });

  it('keeps simultaneous scopes apart', async () => {
    const tenants = await Promise.all(
      ['a', 'b', 'c'].map((tenant) =>
        withTags({ tenant }, async () => {
          await wait(0);
          return currentTags()['tenant'];
        }),
      ),
    );
    expect(tenants).toEqual(['a', 'b', 'c']);
  });

  it('returns what fn returns and throws what it throws', () => {
    expect(withTags({}, () => 5)).toBe(5);
    const error = new Error('own');
    expect(() =>
      withTags({}, () => {
        throw error;
      }),
    ).toThrow(error);
  });
});

describe('collectReceipts', () => {
  it('collects calls below it, in every scope around them', async () => {
    const outer = await collectReceipts(async () => {
      await aCall();
      const inner = await collectReceipts(() => aCall());
      return inner.receipts.length;
    });
    expect(outer.result).toBe(1);
    expect(outer.receipts).toHaveLength(2);
    expect(outer.receipts.every(({ settled }) => !settled)).toBe(true);
  });

  it('rejects with the error of fn', async () => {
    const error = new Error('own');
    await expect(collectReceipts(() => Promise.reject(error))).rejects.toBe(error);
  });
});
