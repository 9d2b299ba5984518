import { InvalidOptionError } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { type Budget, readyBudget, readyBudgets } from './budget.js';

const NOON = Date.parse('2026-11-22T12:00:00Z');
const daily: Budget = { name: 'daily', limitUsd: 5, period: 'day', onExceed: 'block' };

describe('readyBudget', () => {
  it.each([
    Number.NaN,
    -1,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    '-0.5',
    'lots',
    '',
    undefined,
    null,
    5n,
  ])('refuses %s as a limit', (limitUsd) => {
    expect(() => readyBudget({ ...daily, limitUsd } as Budget, 'budgets[3]')).toThrow(InvalidOptionError);
    expect(() => readyBudget({ ...daily, limitUsd } as Budget, 'budgets[3]')).toThrow('budgets[3].limitUsd');
  });

  it.each([
    ['name', ''],
    ['period', 'week'],
    ['onExceed', 'ignore'],
    ['timeZone', 'Mars/Olympus'],
    ['match', 'feature'],
    ['match', { tenant: 7 }],
    ['match', { tenant: undefined }],
    ['per', 7],
    ['limit', 5],
  ])('refuses %s: %s', (name, value) => {
    expect(() => readyBudget({ ...daily, [name]: value } as Budget, 'budgets[0]')).toThrow(
      `budgets[0].${name}`,
    );
  });

  it.each(['name', 'limitUsd', 'period', 'onExceed'])('misses %s', (name) => {
    const { [name as keyof Budget]: _, ...rest } = daily;
    expect(() => readyBudget(rest as Budget, 'budgets[0]')).toThrow(`budgets[0].${name}`);
  });

  it('reads decimal text exactly', () => {
    expect(readyBudget({ ...daily, limitUsd: '0.000000000001' }, 'b').accountOf({}, NOON)?.limitPicoUsd).toBe(
      1n,
    );
  });

  it('counts the calls whose tags match, all of them', () => {
    const ready = readyBudget({ ...daily, match: { team: 'care', stage: 'prod' } }, 'b');
    expect(ready.accountOf({ team: 'care', stage: 'prod', feature: 'x' }, NOON)).toBeDefined();
    expect(ready.accountOf({ team: 'care' }, NOON)).toBeUndefined();
    expect(ready.accountOf({ team: 'care', stage: 'test' }, NOON)).toBeUndefined();
  });

  it('keeps an account for each value, and one for calls without', () => {
    const ready = readyBudget({ ...daily, per: 'tenant' }, 'b');
    expect(ready.accountOf({ tenant: 'acme' }, NOON)).toMatchObject({ value: 'acme', scope: 'tenant=acme' });
    expect(ready.accountOf({}, NOON)).toMatchObject({ value: '(none)', scope: 'tenant=(none)' });
    expect(readyBudget(daily, 'b').accountOf({ tenant: 'acme' }, NOON)).toMatchObject({
      value: '',
      scope: 'all',
    });
  });

  it('asks a function for the limit at every call', () => {
    let limit = 1;
    const ready = readyBudget(
      { ...daily, per: 'tenant', limitUsd: ({ tenant }) => (tenant === 'acme' ? limit : '0.5') },
      'b',
    );
    expect(ready.accountOf({ tenant: 'acme' }, NOON)?.limitPicoUsd).toBe(1_000_000_000_000n);
    limit = 2;
    expect(ready.accountOf({ tenant: 'acme' }, NOON)?.limitPicoUsd).toBe(2_000_000_000_000n);
    expect(ready.accountOf({ tenant: 'other' }, NOON)?.limitPicoUsd).toBe(500_000_000_000n);
    limit = Number.NaN;
    expect(() => ready.accountOf({ tenant: 'acme' }, NOON)).toThrow(InvalidOptionError);
  });

  it('begins its day in its time zone', () => {
    const ready = readyBudget({ ...daily, timeZone: 'Europe/Berlin' }, 'b');
    const before = ready.accountOf({}, Date.parse('2026-03-29T21:59:59Z'));
    const after = ready.accountOf({}, Date.parse('2026-03-29T22:00:00Z'));
    expect(before?.endsAt).toBe(after?.startsAt);
    expect((before?.endsAt as number) - (before?.startsAt as number)).toBe(23 * 3_600_000);
  });
});

describe('readyBudgets', () => {
  it('refuses two of one name', () => {
    expect(() => readyBudgets([daily, { ...daily, limitUsd: 1 }])).toThrow('budgets[1].name');
  });
});
