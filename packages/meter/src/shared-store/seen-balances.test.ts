import { describe, expect, it } from 'vitest';
import { contractAccount } from '../testing/contract-store.js';
import { createSeenBalances } from './seen-balances.js';

describe('createSeenBalances', () => {
  it('forgets the accounts that were not used for longest', () => {
    const seen = createSeenBalances(2);
    const [a, b, c] = ['a', 'b', 'c'].map((value) => contractAccount({ value }));
    const balance = { spentPicoUsd: 1n, reservedPicoUsd: 2n };
    for (const account of [a, b, a, c]) seen.set(account as NonNullable<typeof account>, balance);
    expect(seen.get(a as NonNullable<typeof a>)).toEqual(balance);
    expect(seen.get(b as NonNullable<typeof b>)).toEqual({ spentPicoUsd: 0n, reservedPicoUsd: 0n });
  });
});
