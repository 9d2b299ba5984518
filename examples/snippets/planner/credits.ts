import { creditProgrammesFor, creditRunway } from '@costkit/planner';

const runway = creditRunway({
  pools: [
    { name: 'Activate', usd: 25_000, expiresInMonths: 24 },
    { name: 'proof of concept', usd: 10_000, expiresInMonths: 6, eligible: ['Bedrock'] },
  ],
  usage: [
    { name: 'Bedrock', usdPerMonth: 9_000, growthPerMonth: 0.05 },
    { name: 'other services', usdPerMonth: 1_200 },
  ],
  levers: [{ name: 'all levers', savedShare: 0.81, usage: 'Bedrock' }],
});

console.log(`${runway.months?.toFixed(1)} months, in the order ${runway.order.join(', ')}`);
for (const { lever, months } of runway.withLevers) console.log(`with ${lever}: ${months?.toFixed(1)} months`);
console.log(
  'to ask for:',
  creditProgrammesFor('seed', 'institutional')
    .map(({ name }) => name)
    .join(', '),
);
