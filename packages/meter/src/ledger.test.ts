import { InvalidOptionError, Money } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { aReceipt } from '../tests/a-receipt.js';
import { createLedger } from './ledger.js';

describe('createLedger', () => {
  it('sums calls of one group and keeps groups apart, dearest first', () => {
    const ledger = createLedger();
    ledger.add(aReceipt({ tags: { feature: 'chat' }, cost: Money.fromUsd('0.01') }));
    ledger.add(aReceipt({ tags: { feature: 'chat' }, cost: Money.fromUsd('0.02') }));
    ledger.add(aReceipt({ tags: { feature: 'search' }, cost: Money.fromUsd('0.50') }));
    const { rows, total } = ledger.report({ by: ['feature'] });
    expect(rows.map(({ group, calls, cost }) => [group['feature'], calls, cost.toUsdString()])).toEqual([
      ['search', 1, '0.5'],
      ['chat', 2, '0.03'],
    ]);
    expect(total.cost.toUsdString()).toBe('0.53');
    expect(total.calls).toBe(3);
  });

  it('counts a call without a price apart, never as $0', () => {
    const ledger = createLedger();
    ledger.add(aReceipt({ cost: undefined }));
    ledger.add(aReceipt({ cost: Money.zero }));
    const { total } = ledger.report();
    expect(total).toMatchObject({ calls: 2, unpriced: 1, comparable: 1 });
    expect(total.cost.equals(Money.zero)).toBe(true);
    expect(total.baseline.toUsdString()).toBe('0.03');
  });

  it('keeps what is estimated apart from what was measured', () => {
    const ledger = createLedger();
    ledger.add(aReceipt({ cost: Money.fromUsd('1'), baseline: Money.fromUsd('3') }));
    ledger.add(aReceipt({ cost: Money.fromUsd('0.25'), baseline: Money.fromUsd('1'), quality: 'estimated' }));
    ledger.add(
      aReceipt({ cost: Money.fromUsd('0.5'), baseline: Money.fromUsd('1'), baselineQuality: 'estimated' }),
    );
    const { total } = ledger.report();
    expect(total.estimated).toBe(1);
    expect(total.cost.toUsdString()).toBe('1.75');
    expect(total.estimatedCost.toUsdString()).toBe('0.25');
    expect(total.saved.toUsdString()).toBe('3.25');
    expect(total.estimatedSaved.toUsdString()).toBe('1.25');
  });

  it('shows a negative saving as one', () => {
    const ledger = createLedger();
    ledger.add(aReceipt({ cost: Money.fromUsd('0.05'), baseline: Money.fromUsd('0.03') }));
    expect(ledger.report().total.saved.toUsdString()).toBe('-0.02');
  });

  it('counts failed calls, tokens, cache hits and latencies', () => {
    const ledger = createLedger();
    ledger.add(aReceipt({ latencyMs: 100, firstChunkMs: 40 }));
    ledger.add(
      aReceipt({
        latencyMs: 300,
        error: 'ThrottlingException',
        usage: { ...aReceipt().usage, units: { image: 2 } },
      }),
    );
    const { total } = ledger.report();
    expect(total).toMatchObject({ failed: 1, meanLatencyMs: 200, meanFirstChunkMs: 40, cacheHitRate: 0.75 });
    expect(total.usage).toEqual({
      input: 200,
      output: 40,
      cacheRead: 600,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      cacheWrite30m: 0,
      units: { image: 2 },
    });
  });

  it('has no means where nothing was counted', () => {
    const { rows, total, since } = createLedger().report({ by: ['model'] });
    expect(rows).toEqual([]);
    expect(since).toBeUndefined();
    expect(total).toMatchObject({
      calls: 0,
      meanLatencyMs: undefined,
      meanFirstChunkMs: undefined,
      cacheHitRate: undefined,
    });
  });

  it.each([
    ['model', 'anthropic.claude-opus-5-5'],
    ['servedModel', 'anthropic.claude-haiku-5-5'],
    ['operation', 'Converse'],
    ['mode', 'standard'],
    ['scope', 'global'],
    ['region', 'us-east-1'],
    ['month', '2026-11'],
    ['day', '2026-11-22'],
    ['hour', '2026-11-22T10+00:00'],
    ['feature', 'chat'],
    ['team', '(none)'],
  ])('groups by %s', (dimension, value) => {
    const ledger = createLedger();
    ledger.add(aReceipt());
    expect(ledger.report({ by: [dimension] }).rows[0]?.group).toEqual({ [dimension]: value });
  });

  it('books by the day of its time zone', () => {
    const ledger = createLedger({ timeZone: 'Europe/Berlin' });
    ledger.add(aReceipt({ startedAt: new Date('2026-03-28T22:59:59Z') }));
    ledger.add(aReceipt({ startedAt: new Date('2026-03-28T23:00:00Z') }));
    ledger.add(aReceipt({ startedAt: new Date('2026-03-29T21:59:59Z') }));
    ledger.add(aReceipt({ startedAt: new Date('2026-03-29T22:00:00Z') }));
    const days = ledger.report({ by: ['day'] }).rows.map(({ group, calls }) => [group['day'], calls]);
    expect(days.sort()).toEqual([
      ['2026-03-28', 1],
      ['2026-03-29', 2],
      ['2026-03-30', 1],
    ]);
  });

  it('keeps the tags apart that it was told to, and no others', () => {
    const ledger = createLedger({ tagNames: ['feature'] });
    for (let index = 0; index < 500; index += 1)
      ledger.add(aReceipt({ tags: { feature: 'chat', requestId: `${index}` } }));
    expect(ledger.report({ by: ['requestId'] }).rows).toHaveLength(1);
    expect(ledger.report({ by: ['feature'] })).toMatchObject({ collapsedCalls: 0, rows: [{ calls: 500 }] });
  });

  it('puts tags together when its rows run out, says so, and loses nothing', () => {
    const ledger = createLedger({ maxRows: 100 });
    for (let index = 0; index < 1_000; index += 1) {
      ledger.add(
        aReceipt({ tags: { user: `${index}` }, requestedModel: index % 2 === 0 ? 'cheap' : 'dear' }),
      );
    }
    const report = ledger.report({ by: ['user'] });
    expect(report.rows.length).toBeLessThanOrEqual(100);
    expect(report.collapsedCalls).toBeGreaterThan(800);
    expect(report.rows.find(({ group }) => group['user'] === '(other)')?.calls).toBe(report.collapsedCalls);
    expect(report.total.cost.toUsdString()).toBe('10');
    // What has few values stays exact even then.
    expect(
      ledger
        .report({ by: ['model'] })
        .rows.map(({ group, calls }) => [group['model'], calls])
        .sort(),
    ).toEqual([
      ['cheap', 500],
      ['dear', 500],
    ]);
  });

  it('stays within its rows and exact when even models have too many values', () => {
    const ledger = createLedger({ maxRows: 100 });
    for (let index = 0; index < 1_000; index += 1) {
      ledger.add(aReceipt({ tags: { user: `${index}` }, requestedModel: `model-${index}` }));
    }
    const report = ledger.report({ by: ['model', 'user'] });
    expect(report.rows.length).toBeLessThanOrEqual(100);
    expect(report.rows.some(({ group }) => group['model'] === '(other)' && group['user'] === '(other)')).toBe(
      true,
    );
    expect(report.total.calls).toBe(1_000);
  });

  it('puts old hours and days together, so that time alone does not fill it', () => {
    const ledger = createLedger({ maxRows: 1_000 });
    const start = Date.parse('2026-01-01T00:00:00Z');
    for (let hour = 0; hour < 24 * 200; hour += 1)
      ledger.add(aReceipt({ startedAt: new Date(start + hour * 3_600_000) }));
    const days = ledger.report({ by: ['day'] });
    expect(days.collapsedCalls).toBe(0);
    expect(days.total.calls).toBe(24 * 200);
    expect(days.rows.find(({ group }) => group['day'] === '2026-07-19')?.calls).toBe(24);
    expect(days.rows.find(({ group }) => group['day'] === '(older)')?.calls).toBeGreaterThan(24 * 130);
    expect(ledger.report({ by: ['hour'] }).rows.length).toBeLessThan(52);
    expect(
      ledger
        .report({ by: ['month'] })
        .rows.map(({ group, calls }) => [group['month'], calls])
        .sort(),
    ).toEqual(
      ['31', '28', '31', '30', '31', '30', '19'].map((days, index) => [
        `2026-0${index + 1}`,
        Number(days) * 24,
      ]),
    );
  });

  it('keeps the hours of today apart when calls of other days are booked in between', () => {
    const ledger = createLedger();
    const now = Date.parse('2026-11-22T10:00:00Z');
    for (let index = 0; index < 3_000; index += 1) {
      ledger.add(aReceipt({ startedAt: new Date(now + (index % 2) * 3_600_000) }));
      ledger.add(aReceipt({ startedAt: new Date(now - 5 * 86_400_000) }));
    }
    const hours = ledger.report({ by: ['hour'] }).rows.map(({ group, calls }) => [group['hour'], calls]);
    expect(hours).toEqual(
      expect.arrayContaining([
        ['2026-11-22T10+00:00', 1_500],
        ['2026-11-22T11+00:00', 1_500],
      ]),
    );
  });

  it('divides costs by what the business counts', () => {
    const ledger = createLedger();
    ledger.add(aReceipt({ tags: { feature: 'chat' }, cost: Money.fromUsd('6') }));
    ledger.add(aReceipt({ tags: { feature: 'search' }, cost: Money.fromUsd('2') }));
    const name = 'resolved ticket';
    const together = ledger.report({ by: ['feature'], per: { name, count: 4 } });
    expect(together.per).toEqual({ name, count: 4, usd: 2 });
    expect(together.rows.map(({ per }) => per?.usd)).toEqual([1.5, 0.5]);
    const counts: Record<string, number> = { chat: 3, search: 0 };
    const apart = ledger.report({
      by: ['feature'],
      per: { name, count: (group) => counts[group['feature']!] },
    });
    expect(apart.per).toEqual({ name, count: 3, usd: 8 / 3 });
    expect(apart.rows.map(({ per }) => per)).toEqual([
      { name, count: 3, usd: 2 },
      { name, count: 0, usd: undefined },
    ]);
    expect(ledger.report({ per: { name, count: () => undefined } }).per).toEqual({
      name,
      count: undefined,
      usd: undefined,
    });
    expect(ledger.report().per).toBeUndefined();
    expect(() => ledger.report({ per: { name, count: () => Number.NaN } })).toThrow(InvalidOptionError);
  });

  it.each([
    { by: 'feature' },
    { by: [''] },
    { by: [3] },
    { group: ['feature'] },
    { per: 'ticket' },
    { per: { name: 'ticket' } },
    { per: { name: '', count: 3 } },
    { per: { name: 'ticket', count: -1 } },
    { per: { name: 'ticket', count: 1, unit: 'ticket' } },
  ])('refuses to report %o', (options) => {
    expect(() => createLedger().report(options as never)).toThrow(InvalidOptionError);
  });

  it('knows when it began', () => {
    const ledger = createLedger();
    ledger.add(aReceipt({ startedAt: new Date('2026-11-22T10:00:00Z') }));
    ledger.add(aReceipt({ startedAt: new Date('2026-11-22T09:00:00Z') }));
    expect(ledger.report().since).toEqual(new Date('2026-11-22T09:00:00Z'));
  });

  it('shows amounts in JSON with all digits', () => {
    const ledger = createLedger();
    ledger.add(aReceipt({ cost: Money.fromPicoUsd(123_456_789n) }));
    expect(JSON.parse(JSON.stringify(ledger.report())).total.cost).toBe('0.000123456789');
  });
});
