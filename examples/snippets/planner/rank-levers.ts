import { rankLevers } from '@costkit/planner';

const ranking = rankLevers({
  region: 'us-east-1',
  tasks: [
    {
      name: 'support chat',
      model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      requestsPerMonth: 200_000,
      inputTokens: 4_000,
      outputTokens: 450,
      levers: {
        routing: {
          model: 'us.amazon.nova-lite-v1:0',
          share: { low: 0.4, expected: 0.55, high: 0.65 },
          evidence: 'evaluation of 2026-11-20, 240 cases',
        },
        caching: { prefixTokens: 3_000, activeHoursPerMonth: 250 },
        outputLimits: { savedShare: { low: 0.2, expected: 0.3, high: 0.35 } },
      },
    },
    {
      name: 'nightly tagging',
      model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
      requestsPerMonth: 600_000,
      inputTokens: 900,
      outputTokens: 60,
      levers: { batch: { share: 1 } },
    },
  ],
  levers: { credits: { pools: [{ name: 'Activate', usd: 25_000, expiresInMonths: 24 }] } },
});

console.log(`${ranking.today} a month becomes ${ranking.after}; overlaps counted once: ${ranking.overlap}`);
for (const { rank, title, added, interval, effort } of ranking.levers) {
  if (added !== undefined) {
    console.log(rank, title, String(added), effort, interval && `${interval.low} to ${interval.high} alone`);
  }
}
