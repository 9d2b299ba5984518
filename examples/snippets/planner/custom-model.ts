import { customModelHosting } from '@costkit/planner';

const { ways, cheapest } = customModelHosting({
  hours: [
    { inputTokens: 8_000_000, outputTokens: 800_000 },
    { inputTokens: 0, outputTokens: 0 },
  ],
  provisioned: {
    unit: { inputTokensPerMinute: 300_000, outputTokensPerMinute: 30_000 },
    usdPerUnitHour: '24',
  },
  deployment: { ratesOf: 'amazon.nova-pro-v1:0' },
  imported: {
    copy: { inputTokensPerMinute: 150_000, outputTokensPerMinute: 15_000 },
    customModelUnitsPerCopy: 2,
  },
});

for (const { way, low, high } of ways) console.log(way, String(low), 'to', String(high));
console.log('cheapest:', cheapest);
