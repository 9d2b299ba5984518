import { provisionedThroughputBreakEven } from '@costkit/planner';

const plan = provisionedThroughputBreakEven({
  model: 'meta.llama3-1-70b-instruct-v1:0',
  hours: Array.from({ length: 24 }, (_, hour) => {
    const load = hour < 8 ? 1 : 6;
    return { inputTokens: load * 100e6, outputTokens: load * 10e6, requests: load * 50_000 };
  }),
  unit: {
    inputTokensPerMinute: 900_000,
    outputTokensPerMinute: 90_000,
    source: 'our load test of 2026-11-03',
  },
});

console.log(`on demand ${plan.onDemand}; best: ${plan.best.choice}, ${plan.best.total}`);
for (const { commitment, breakEvenUtilisation, units, overflow, steady } of plan.commitments) {
  console.log(commitment, breakEvenUtilisation, units, String(overflow), `without peaks ${steady.total}`);
}
