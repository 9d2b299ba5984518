import type { PriceRow } from '@costkit/pricing';
import { describe, expect, it, vi } from 'vitest';
import { ageWarning, datedRows, priceSheet } from './price-sheet.js';

vi.mock('picocolors', () => ({ default: { bold: String, isColorSupported: false } }));

const ROW: PriceRow = {
  scope: 'inRegion',
  tier: 'standard',
  rates: { input: 60_000, output: 240_000 },
  source: 'aws-list-2026-09-17',
  certainty: 'documented',
};
const NOW = new Date('2026-12-20T10:00:00Z');

describe('datedRows', () => {
  it('says when a row was last read, and how long ago that is', () => {
    const [first, confirmed, undated] = datedRows(
      [
        ROW,
        { ...ROW, tier: 'batch', source: 'aws-list-2026-08-20', confirmedBy: 'models.dev-2026-11-10' },
        { ...ROW, tier: 'flex', source: 'elsewhere' },
      ],
      NOW,
    );
    expect(first).toMatchObject({ readOn: '2026-09-17', ageDays: 94, isOld: true });
    expect(confirmed).toMatchObject({ readOn: '2026-11-10', ageDays: 40, isOld: false });
    expect(undated).toMatchObject({ isOld: false });
    expect(undated).not.toHaveProperty('readOn');
  });

  it('does not warn of history, of what is unknown, nor before its time', () => {
    const newer = { ...ROW, effectiveFrom: '2026-11-01', source: 'models.dev-2026-11-10' };
    const future = { ...newer, tier: 'flex' as const, effectiveFrom: '2027-01-01' };
    const isOld = (...rows: PriceRow[]): boolean[] => datedRows(rows, NOW).map((row) => row.isOld);
    expect(isOld(ROW, newer)).toEqual([false, false]);
    expect(isOld({ ...ROW, tier: 'flex' }, future)).toEqual([true, false]);
    expect(isOld({ ...ROW, region: 'eu-west-1' }, newer)).toEqual([true, false]);
    expect(isOld({ ...ROW, rates: {} })).toEqual([false]);
  });
});

describe('ageWarning', () => {
  it('counts prices, and names the oldest', () => {
    const rows = datedRows(
      [
        ROW,
        { ...ROW, tier: 'flex', rates: {} },
        { ...ROW, tier: 'batch', confirmedBy: 'models.dev-2026-11-10' },
      ],
      NOW,
    );
    expect(ageWarning(rows)).toMatch(
      /^1 of these 2 prices were last read 90 days ago or earlier, the oldest on 2026-09-17 \(94 days ago\)/,
    );
    expect(ageWarning(datedRows([ROW], NOW))).toMatch(/^All of these prices were/);
    expect(ageWarning(datedRows([ROW], new Date('2026-10-01')))).toBeUndefined();
  });
});

describe('priceSheet', () => {
  const sheet = (rows: readonly PriceRow[]): string => priceSheet(datedRows(rows, NOW));

  it('puts scopes together that cost the same, and leaves out columns that would be empty', () => {
    const text = sheet([ROW, { ...ROW, scope: 'geo:us' }]);
    expect(text.match(/\$0\.06/g)).toHaveLength(1);
    expect(text).toMatch(/inRegion[\s\S]*geo:us/);
    for (const title of [' Region', 'write 1h', 'per unit', 'from ']) expect(text).not.toContain(title);
    expect(text).toContain('2026-09-17 !');
  });

  it('shows brackets, Regions, days, units and doubts', () => {
    const text = sheet([
      { ...ROW, region: 'eu-west-1', aboveTokens: 272_000, effectiveFrom: '2026-12-01', assumed: ['output'] },
      { ...ROW, rates: {}, units: { image: '0.04' }, certainty: 'assumed' },
      { ...ROW, tier: 'batch', rates: {}, effectiveFrom: '2026-10-08' },
      { ...ROW, tier: 'flex', rates: {} },
    ]);
    for (const part of [
      'standard > 272,000',
      'eu-west-1',
      '2026-12-01',
      '(output assumed)',
      'image $0.04',
      '(assumed)',
      'unknown',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('flex');
  });
});
