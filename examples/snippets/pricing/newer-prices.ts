import { costOf } from '@costkit/pricing';
import { loadPriceOverlay } from '@costkit/pricing/overlay';

// Written by `costkit price refresh` and kept in git: a new price is a line that somebody reviews.
const newer = await loadPriceOverlay('pricing/bedrock-prices.json');

// What you negotiated applies to the newer prices. `costkit(client, { priceOverrides })` takes the same list.
const overrides = [...newer, { model: 'anthropic.*', multiplier: '0.93' }];

const usage = {
  input: 1_000_000,
  output: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheWrite30m: 0,
};
const model = 'global.anthropic.claude-opus-5';
console.log(String(costOf(usage, { model, overrides, at: new Date('2026-12-24') }).total)); // $3.72
console.log(String(costOf(usage, { model, overrides, at: new Date('2026-12-02') }).total)); // $4.65
