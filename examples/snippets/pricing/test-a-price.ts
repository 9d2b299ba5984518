import assert from 'node:assert/strict';
import { costOf, Money } from '@costkit/pricing';

const usage = { input: 1_000, output: 100, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite30m: 0 };

// Pin the day: a later price change becomes a new row and leaves this test alone.
const at = new Date('2026-11-22');
const cost = costOf(usage, { model: 'us.amazon.nova-lite-v1:0', at });

assert(cost.complete);
assert(cost.total.equals(Money.fromUsd('0.000084')));
