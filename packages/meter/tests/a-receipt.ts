import { Money, type Receipt } from '@costkit/core';

/** A receipt with given fields; the rest is a plain measured call. */
export function aReceipt(fields: Partial<Receipt> = {}): Receipt {
  const cost = 'cost' in fields ? fields.cost : Money.fromUsd('0.01');
  const baseline = 'baseline' in fields ? fields.baseline : Money.fromUsd('0.03');
  return {
    id: 'call-1',
    startedAt: new Date('2026-11-22T10:15:00Z'),
    latencyMs: 800,
    operation: 'Converse',
    requestedModel: 'anthropic.claude-opus-5-5',
    servedModel: 'anthropic.claude-haiku-5-5',
    region: 'us-east-1',
    scope: 'global',
    mode: 'standard',
    stopReason: 'end_turn',
    tags: { feature: 'chat' },
    attempts: [],
    usage: { input: 100, output: 20, cacheRead: 300, cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite30m: 0 },
    baselineQuality: 'exact',
    saved: cost === undefined || baseline === undefined ? undefined : baseline.minus(cost),
    decisions: [],
    quality: 'measured',
    priceVersion: '2026-11-22',
    settled: true,
    ...fields,
    cost,
    baseline,
  };
}
