import { costOf, type PriceOverride } from '@costkit/pricing';

// Keep one array: it is checked and compiled once. The last entry that applies to a call decides, alone.
const overrides: readonly PriceOverride[] = [
  { model: 'anthropic.*', multiplier: '0.93' },
  { model: 'amazon.nova-pro-v1:0', tier: 'standard', usdPerMillion: { input: '0.70', output: '2.80' } },
];

const usage = {
  input: 1_000_000,
  output: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheWrite30m: 0,
};
console.log(String(costOf(usage, { model: 'us.amazon.nova-pro-v1:0', overrides }).total)); // $0.70
console.log(String(costOf(usage, { model: 'global.anthropic.claude-opus-5-5', overrides }).total)); // $3.72
