import { describe, expect, it } from 'vitest';
import { outcomesOf, reportOf } from '../../tests/outcomes-fixture.js';
import { shuffledControl } from './shuffled-control.js';

const at = (score: number, usd: number | null) => () => ({ score, usd });

describe('shuffledControl', () => {
  // The small tier is as good on one of two tasks of the same size, and useless on the other.
  const REPORT = reportOf([
    ...outcomesOf('faq', 100, { small: at(1, 0.01), middle: at(1, 0.05), strong: at(1, 0.11) }),
    ...outcomesOf('code', 100, { small: at(0, 0.01), middle: at(0.5, 0.05), strong: at(1, 0.11) }),
  ]);

  it('moves as much traffic by chance as costs the same', () => {
    const control = shuffledControl(REPORT, new Map([['faq', 'small']]), 0.95);
    expect(control?.movedShare).toBe(0.5);
    expect(control?.chosen.score).toBe(1);
    expect(control?.shuffled.score).toBeCloseTo(0.75, 12);
    expect(control?.shuffled.usdPerCall).toBeCloseTo(control?.chosen.usdPerCall ?? 0, 12);
    expect(control?.difference).toBeCloseTo(0.25, 12);
    expect(control?.differenceInterval.low).toBeGreaterThan(0.15);
    expect(control?.differenceInterval.high).toBeLessThan(0.35);
  });

  it('is worth nothing where everything moves', () => {
    const all = new Map([
      ['faq', 'small'],
      ['code', 'small'],
    ]);
    expect(shuffledControl(REPORT, all, 0.95)?.difference).toBeCloseTo(0, 12);
  });

  it('weighs tasks by their own costs', () => {
    // Moving the dear task saves ten times as much: by chance five times as many calls must move, which there are.
    const report = reportOf([
      ...outcomesOf('faq', 100, { small: at(1, 0.1), middle: at(1, 0.5), strong: at(1, 1.1) }),
      ...outcomesOf('code', 100, { small: at(0, 0.01), middle: at(0, 0.05), strong: at(1, 0.11) }),
    ]);
    const control = shuffledControl(report, new Map([['faq', 'small']]), 0.95);
    expect(control?.shuffled.usdPerCall).toBeCloseTo(control?.chosen.usdPerCall ?? 0, 12);
    expect(control?.shuffled.movedShare).toBeCloseTo(0.5 * (1 / 1.1) * 2, 12);
  });

  it('says nothing where nothing moves, or a cost is unknown', () => {
    expect(shuffledControl(REPORT, new Map(), 0.95)).toBeUndefined();
    const unpriced = reportOf(
      outcomesOf('faq', 10, { small: at(1, null), middle: at(1, 1), strong: at(1, 1) }),
    );
    expect(shuffledControl(unpriced, new Map([['faq', 'small']]), 0.95)).toBeUndefined();
  });
});
