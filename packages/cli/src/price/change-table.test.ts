import type { PriceChange, PriceRefresh } from '@costkit/pricing/refresh';
import { describe, expect, it, vi } from 'vitest';
import { changeSummary, changeTable } from './change-table.js';

vi.mock('picocolors', () => ({
  default: { bold: String, green: String, yellow: (text: string) => `!${text}`, isColorSupported: false },
}));

const CHANGE: PriceChange = {
  change: 'changed',
  model: 'amazon.nova-lite-v1:0',
  scopes: ['inRegion', 'geo:eu'],
  regions: ['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1'],
  tier: 'standard',
  rates: [
    { kind: 'input', before: '0.06', after: '0.12', percent: 100 },
    { kind: 'output', before: '0.24', after: '0.192', percent: -20 },
    { kind: 'cacheRead', after: '0.015' },
    { kind: 'cacheWrite5m', before: '0', after: '0' },
    { kind: 'cacheWrite1h', before: '1' },
  ],
  effectiveFrom: '2026-12-03',
  source: 'aws-list-2026-12-03',
  doubts: ['input goes from $0.06 to $0.12', 'cacheWrite1h is no longer listed'],
  isTaken: false,
};
const REFRESH: PriceRefresh = {
  overlay: { format: 'costkit-price-overlay/1', catalogue: '', sources: {}, confirmed: {}, prices: {} },
  changes: [CHANGE, { ...CHANGE, change: 'added', isTaken: true }],
  unknown: [{ reason: 'its usage type is in no known form', count: 4, usageTypes: ['a', 'b', 'c'] }],
  conflicts: [{ model: 'qwen.qwen3-32b-v1:0', what: 'input regional', usd: { one: '0.15', two: '0.16' } }],
  passedOver: [{ reason: 'capacity', count: 1, usageTypes: ['d'] }],
  lines: { read: 12_345, understood: 12_000 },
};

describe('changeTable', () => {
  it('shows old and new, by how much, from when on, and what to look at', () => {
    const text = changeTable([CHANGE]);
    for (const part of [
      '!changed',
      'inRegion, geo:eu',
      'eu-central-1, eu-north-1, eu-south-1, eu-south-2 and 1 more',
      'input $0.06 → $0.12 (+100 %)',
      'output $0.24 → $0.192 (−20 %)',
      'cacheRead $0.015',
      'cacheWrite5m $0',
      'cacheWrite1h $1 → unknown',
      '2026-12-03',
      'input goes from $0.06 to $0.12',
    ])
      expect(text).toContain(part);
    expect(changeTable([{ ...CHANGE, isTaken: true }])).not.toContain('!changed');
  });
});

describe('changeSummary', () => {
  it('says what was read, what waits, and what was not understood', () => {
    expect(changeSummary(REFRESH)).toEqual([
      '12,345 lines read, 12,000 of them prices of known models. Added: 1, changed: 1, ended: 0.',
      '1 not taken: look at them, then accept what is right with --accept amazon.nova-lite-v1:0 (or --accept all).',
      'Listed twice, not taken: qwen.qwen3-32b-v1:0, input regional: $0.15 (one), $0.16 (two).',
      'Not understood: 4 lines, its usage type is in no known form: a, b, c, ….',
      'Passed over: 1 line, capacity: d.',
    ]);
  });
});
