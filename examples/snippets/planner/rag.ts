import { ragVersusLongContext } from '@costkit/planner';

const plan = ragVersusLongContext({
  model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  corpusTokens: 60_000,
  questionsPerMonth: 20_000,
  questionTokens: 300,
  outputTokens: 400,
  activeHoursPerMonth: 220,
  retrieval: {
    embeddingModel: 'amazon.titan-embed-text-v2:0',
    chunkTokens: 400,
    chunksPerQuestion: 8,
    storeUsdPerMonth: '350.40',
  },
});

console.log(
  `long context ${plan.longContext.perMonth} (cache ${plan.longContext.ttl}), retrieval ${plan.retrieval.perMonth}`,
);
for (const { quantity, value, cheaperBelow, cheaperAbove } of plan.byQuestions) {
  console.log(quantity, value, cheaperBelow, '→', cheaperAbove);
}
console.log('quality:', plan.quality);
