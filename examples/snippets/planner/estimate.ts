import { estimateWorkload } from '@costkit/planner';

const estimate = estimateWorkload({
  region: 'us-east-1',
  tasks: [
    {
      name: 'summaries',
      model: 'us.amazon.nova-pro-v1:0',
      requestsPerMonth: 300_000,
      inputTokens: 2_500,
      outputTokens: 250,
      modes: { standard: 0.4, batch: 0.6 },
    },
  ],
  services: [{ name: 'vector store', usdPerMonth: '12.50' }],
});

console.log(`${estimate.complete ? '' : 'at least '}${estimate.total} a month`);
for (const { input, factor, amount } of estimate.sensitivity) console.log(input, '×', factor, String(amount));
