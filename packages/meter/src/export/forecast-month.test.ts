import { InvalidOptionError, Money } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { aReceipt } from '../../tests/a-receipt.js';
import { createLedger } from '../ledger.js';
import type { MeterReport } from '../report-groups.js';
import { forecastMonth, type MonthForecast } from './forecast-month.js';

const DAY_MS = 86_400_000;
const SUNDAY = Date.parse('2026-11-01T00:00:00Z');

/** Books a cost for each day from a start on, in the middle of the day. */
function forecastOf(
  fromMs: number,
  usdOfDay: readonly number[],
  now: string,
  timeZone = 'UTC',
): MonthForecast {
  const ledger = createLedger({ timeZone });
  for (const [index, usd] of usdOfDay.entries()) {
    const startedAt = new Date(fromMs + index * DAY_MS + DAY_MS / 2);
    ledger.add(aReceipt({ startedAt, cost: Money.fromUsd(usd) }));
  }
  return forecastMonth(ledger.report({ by: ['day', 'feature'] }), { now: new Date(now), timeZone });
}

/** Random numbers that are the same in every run (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('forecastMonth', () => {
  it('adds what remains at what each day of the week costs', () => {
    // Four weeks before November 1st, and ten days of it: $1 on Sundays and Saturdays, $10 on weekdays.
    const weekly = Array.from({ length: 38 }, (_, index) => ([0, 6].includes(index % 7) ? 1 : 10));
    const forecast = forecastOf(SUNDAY - 28 * DAY_MS, weekly, '2026-11-11T00:00:00Z');
    // 1st to 10th: three weekend days, seven weekdays. 11th to 30th: six weekend days, fourteen weekdays.
    expect(forecast).toMatchObject({ month: '2026-11', method: 'weekdays', days: 28, unpriced: 0 });
    expect(String(forecast.spent)).toBe('$73.00');
    expect(String(forecast.expected)).toBe('$219.00');
    expect([String(forecast.low), String(forecast.high)]).toEqual(['$219.00', '$219.00']);
  });

  it('takes the mean of all days before there are two weeks, the rest of today in proportion', () => {
    const forecast = forecastOf(SUNDAY, [99, 2, 4, 2, 4, 2, 4, 2, 4], '2026-11-10T12:00:00Z');
    expect(forecast).toMatchObject({ method: 'mean', days: 8 });
    // Half of the 10th and twenty days at $3; the first day is spent, but no base.
    expect(forecast.spent.usd).toBe(123);
    expect(forecast.expected?.usd).toBeCloseTo(123 + 20.5 * 3, 9);
    expect(forecast.low!.usd).toBeLessThan(forecast.expected!.usd);
    expect(forecast.low!.usd).toBeGreaterThan(forecast.spent.usd);
    expect(forecast.high!.usd - forecast.expected!.usd).toBeCloseTo(
      forecast.expected!.usd - forecast.low!.usd,
      6,
    );
  });

  it('counts days without a call as $0', () => {
    const forecast = forecastOf(SUNDAY, [1, 8, 0, 0, 0, 0, 0, 0, 8], '2026-11-10T00:00:00Z');
    expect(forecast.expected?.usd).toBeCloseTo(17 + 21 * 2, 9);
  });

  it.each([[0], [1], [7]])('makes no forecast of %i days, and says so', (days) => {
    const forecast = forecastOf(
      SUNDAY,
      Array.from({ length: days }, () => 5),
      '2026-11-08T00:00:00Z',
    );
    expect(forecast).toMatchObject({
      method: 'too few days',
      expected: undefined,
      low: undefined,
      high: undefined,
    });
    expect(forecast.spent.usd).toBe(5 * days);
  });

  it('never expects less than is spent, and on the last evening hardly more', () => {
    const wild = Array.from({ length: 40 }, (_, index) => (index % 9 === 0 ? 500 : 0));
    const forecast = forecastOf(SUNDAY - 10 * DAY_MS, wild, '2026-11-30T23:59:00Z');
    expect(forecast.low!.usd).toBe(forecast.spent.usd);
    expect(forecast.expected!.usd - forecast.spent.usd).toBeLessThan(1);
  });

  it('follows the days of a time zone', () => {
    // 22:30 UTC is half past midnight of the next day in Athens.
    const ledger = createLedger({ timeZone: 'Europe/Athens' });
    ledger.add(aReceipt({ startedAt: new Date('2026-10-31T22:30:00Z'), cost: Money.fromUsd('7') }));
    const report = ledger.report({ by: ['day'] });
    const now = new Date('2026-10-31T23:00:00Z');
    expect(forecastMonth(report, { now, timeZone: 'Europe/Athens' })).toMatchObject({ month: '2026-11' });
    expect(forecastMonth(report, { now, timeZone: 'Europe/Athens' }).spent.usd).toBe(7);
  });

  it('says how many calls have no price', () => {
    const ledger = createLedger();
    for (let day = 0; day < 10; day += 1)
      ledger.add(aReceipt({ startedAt: new Date(SUNDAY + day * DAY_MS), cost: undefined }));
    const forecast = forecastMonth(ledger.report({ by: ['day'] }), { now: new Date('2026-11-11T00:00:00Z') });
    expect(forecast.unpriced).toBe(10);
  });

  it.each([8, 13, 20, 40])('holds the truth in about 9 of 10 months, from %i days', (days) => {
    const random = randomNumbers(days);
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const costOfDay = (day: number): number =>
      // With fewer than two weeks no weekday is known, so none is planted.
      (days >= 15 && [0, 6].includes(day % 7) ? 30 : 100) * Math.exp(0.25 * normal());
    const firstDay = Math.round((Date.parse('2026-11-11T00:00:00Z') - days * DAY_MS - SUNDAY) / DAY_MS);
    const now = new Date('2026-11-11T00:00:00Z');
    const forecast = (costs: readonly number[]): MonthForecast => {
      const rows = costs.map((usd, index) => ({
        group: { day: new Date(SUNDAY + (firstDay + index) * DAY_MS).toISOString().slice(0, 10) },
        cost: Money.fromUsd(usd),
        unpriced: 0,
      }));
      const since = new Date(SUNDAY + firstDay * DAY_MS);
      return forecastMonth({ by: ['day'], rows, since } as unknown as MeterReport, { now });
    };
    let held = 0;
    const MONTHS = 400;
    for (let month = 0; month < MONTHS; month += 1) {
      const costs = Array.from({ length: days }, (_, index) => costOfDay(index + firstDay + 700));
      const rest = Array.from({ length: 20 }, (_, index) => costOfDay(index + firstDay + days + 700));
      const { spent, low, high } = forecast(costs);
      const truth = spent.usd + rest.reduce((sum, one) => sum + one, 0);
      if (truth >= low!.usd && truth <= high!.usd) held += 1;
    }
    expect(held / MONTHS).toBeGreaterThan(0.85);
    expect(held / MONTHS).toBeLessThan(0.95);
  });

  it.each([{ now: new Date(Number.NaN) }, { timeZone: 'Moon' }, { days: 3 }])('refuses %o', (options) => {
    expect(() => forecastMonth(createLedger().report({ by: ['day'] }), options as never)).toThrow(
      InvalidOptionError,
    );
  });

  it('refuses a report without days', () => {
    expect(() => forecastMonth(createLedger().report({ by: ['month'] }))).toThrow(InvalidOptionError);
  });
});
