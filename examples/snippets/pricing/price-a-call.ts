import { costOf } from '@costkit/pricing';

const usage = {
  input: 1_200,
  output: 300,
  cacheRead: 20_000,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheWrite30m: 0,
};
const cost = costOf(usage, { model: 'us.anthropic.claude-sonnet-4-6', region: 'us-east-1', at: new Date() });

for (const { kind, count, amount } of cost.lines) console.log(kind, count, String(amount));
console.log(
  String(cost.total),
  cost.complete ? 'complete' : `without ${cost.missing.join(', ')}`,
  cost.priceVersion,
);
