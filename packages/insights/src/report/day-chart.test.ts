import { Money } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import type { AttributionRow } from '../types.js';
import { dayChart } from './day-chart.js';

const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite30m: 0 };
const day = (value: string, usd: string): AttributionRow => ({
  value,
  calls: 1,
  failed: 0,
  unpriced: 0,
  usage,
  cost: Money.fromUsd(usd),
});

describe('dayChart', () => {
  it('compares weeks of the calendar, whether there are calls every day or not', () => {
    const chart = dayChart([
      day('2026-10-01', '99'),
      day('2026-10-12', '10'),
      day('2026-10-20', '4'),
      day('2026-10-25', '11'),
    ]);
    expect(chart).toContain('The last seven days cost $15.00, 50 % more than the seven before.');
    expect(chart).toContain('$99.00 on 2026-10-01');
    expect(chart.match(/<rect/g)).toHaveLength(4);
  });

  it('says when it is too early for a trend, and when there was nothing before', () => {
    expect(dayChart([day('2026-10-01', '1'), day('2026-10-02', '2')])).toContain('Two weeks of logs');
    expect(dayChart([day('2026-10-01', '1'), day('2026-10-20', '2')])).toContain('cost nothing');
  });
});
