import { describe, expect, it } from 'vitest';
import { type CreditRunwayOptions, creditRunway } from './credit-runway.js';

const ACTIVATE = { name: 'Activate', usd: 25_000 };

describe('creditRunway', () => {
  it.each([
    [9_000, '2.8'],
    [1_700, '14.7'],
  ])('of twenty-five thousand dollars at %d a month is %s months', (usage, months) => {
    const runway = creditRunway({ pools: [ACTIVATE], usage });
    expect(runway.months?.toFixed(1)).toBe(months);
    expect(runway.endedBy).toBe('spent');
  });

  it('uses the pool that expires first, then the one with fewer services, then the oldest', () => {
    const usage = [
      { name: 'Bedrock', usdPerMonth: 900 },
      { name: 'S3', usdPerMonth: 100 },
    ];
    const pools = [
      { name: 'broad', usd: 1_000, expiresInMonths: 12 },
      { name: 'late', usd: 1_000 },
      { name: 'narrow', usd: 500, expiresInMonths: 12, eligible: ['Bedrock'] },
    ];
    const runway = creditRunway({ pools, usage });
    expect(runway.order).toEqual(['narrow', 'broad', 'late']);
    const [first] = runway.schedule;
    expect(first?.paid['narrow']?.toUsdString()).toBe('500');
    expect(first?.paid['broad']?.toUsdString()).toBe('500');
    expect(first?.paid['late']).toBeUndefined();
    expect(first?.cash.toUsdString()).toBe('0');
  });

  it('loses what a pool has left when it expires, in the middle of a month too', () => {
    const runway = creditRunway({ pools: [{ ...ACTIVATE, expiresInMonths: 1.5 }], usage: 1_000 });
    expect(runway).toMatchObject({ months: 1.5, endedBy: 'expired', cashFrom: 1.5 });
    expect(runway.pools[0]?.used.toUsdString()).toBe('1500');
    expect(runway.pools[0]?.unused.toUsdString()).toBe('23500');
  });

  it('pays only what a pool may pay, and says from when on there is cash', () => {
    const runway = creditRunway({
      pools: [{ ...ACTIVATE, eligible: ['Bedrock'] }],
      usage: [
        { name: 'Bedrock', usdPerMonth: 5_000 },
        { name: 'EC2', usdPerMonth: 300 },
      ],
    });
    expect(runway.months).toBe(5);
    expect(runway.cashFrom).toBe(0);
    expect(runway.schedule[0]?.cash.toUsdString()).toBe('300');
  });

  it('waits for a pool that arrives later', () => {
    const runway = creditRunway({
      pools: [
        { name: 'first', usd: 2_000 },
        { name: 'second', usd: 3_000, startsInMonths: 1 },
      ],
      usage: 1_000,
    });
    expect(runway.months).toBe(5);
  });

  it('grows month by month, also by usage', () => {
    const growing = creditRunway({
      pools: [{ name: 'pool', usd: 3_310 }],
      usage: 1_000,
      growthPerMonth: 0.1,
    });
    expect(growing.months).toBeCloseTo(3, 9);
    const still = creditRunway({
      pools: [{ name: 'pool', usd: 3_000 }],
      usage: [{ name: 'Bedrock', usdPerMonth: '1000', growthPerMonth: 0 }],
      growthPerMonth: 0.5,
    });
    expect(still.months).toBe(3);
  });

  it('does not end within the months looked at', () => {
    expect(creditRunway({ pools: [ACTIVATE], usage: 1, maxMonths: 24 })).toMatchObject({
      months: undefined,
      endedBy: undefined,
    });
    expect(creditRunway({ pools: [ACTIVATE], usage: 0 }).months).toBeUndefined();
    expect(creditRunway({ pools: [], usage: 1 }).months).toBe(0);
  });

  it('shows each lever alone and all together, which multiply', () => {
    const { withLevers } = creditRunway({
      pools: [ACTIVATE],
      usage: 9_000,
      levers: [
        { name: 'routing', savedShare: 0.5 },
        { name: 'caching', savedShare: 0.5, usage: 'Bedrock' },
      ],
    });
    expect(withLevers.map(({ lever, months }) => [lever, months?.toFixed(2)])).toEqual([
      ['routing', '5.56'],
      ['caching', '5.56'],
      ['all', '11.11'],
    ]);
  });

  it('shows what half and double the usage would mean', () => {
    const { sensitivity } = creditRunway({ pools: [ACTIVATE], usage: 5_000 });
    expect(sensitivity.slice(0, 2)).toEqual([
      { input: 'usage', factor: 0.5, value: 10 },
      { input: 'usage', factor: 2, value: 2.5 },
    ]);
  });

  it.each<[string, Partial<CreditRunwayOptions> & Record<string, unknown>]>([
    ['pools', { pools: undefined as never }],
    ['usage', { usage: -1 }],
    ['usage', { usage: Number.NaN }],
    ['usage', { usage: [] }],
    ['usage[0].usdPerMonth', { usage: [{ name: 'x', usdPerMonth: 'much' }] }],
    ['growthPerMonth', { growthPerMonth: 7 }],
    ['maxMonths', { maxMonths: 1e9 }],
    ['pools[0].usd', { pools: [{ name: 'x', usd: Number.POSITIVE_INFINITY }] }],
    ['pools[0].expiresInMonths', { pools: [{ name: 'x', usd: 1, startsInMonths: 3, expiresInMonths: 2 }] }],
    ['pools[1].name', { pools: [ACTIVATE, ACTIVATE] }],
    ['pools[0].eligible', { pools: [{ name: 'x', usd: 1, eligible: ['Bedrok'] }] }],
    ['levers[0].savedShare', { levers: [{ name: 'x', savedShare: 1.5 }] }],
    ['levers[0].usage', { levers: [{ name: 'x', savedShare: 0.5, usage: 'y' }] }],
    ['colour', { colour: 'blue' }],
  ])('names %s when it is wrong', (option, wrong) => {
    expect(() => creditRunway({ pools: [ACTIVATE], usage: 1, ...wrong })).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION', option }),
    );
  });
});
