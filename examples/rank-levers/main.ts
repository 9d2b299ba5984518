import { readFile } from 'node:fs/promises';
import { ragVersusLongContext, rankLevers, type Workload } from '@costkit/planner';

const workload = JSON.parse(await readFile(new URL('workload.json', import.meta.url), 'utf8')) as Workload;
const ranking = rankLevers(workload);

console.log(`${workload.name}: ${ranking.today} a month, ${ranking.after} after all levers that pay`);
for (const { rank, title, verdict, alone, added } of ranking.levers) {
  if (verdict !== 'unknown') console.log(`${rank}. ${title}: adds ${added}, alone ${alone} (${verdict})`);
}
console.log(`Credits last ${ranking.credits?.months?.toFixed(1)} months then.`);

// The manual in every prompt, or retrieval? Both are cheap once the cache is warm: the figures decide.
const { cheaper, longContext, retrieval, byQuestions } = ragVersusLongContext({
  model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  corpusTokens: 60_000,
  questionsPerMonth: 40_000,
  questionTokens: 1_000,
  outputTokens: 320,
  activeHoursPerMonth: 300,
  retrieval: {
    embeddingModel: 'amazon.titan-embed-text-v2:0',
    chunkTokens: 400,
    chunksPerQuestion: 8,
    storeUsdPerMonth: 350,
  },
});
console.log(
  `Manual in the prompt ${longContext.perMonth}, retrieval ${retrieval.perMonth}: ${cheaper} is cheaper.`,
);
for (const { value, cheaperBelow, cheaperAbove } of byQuestions) {
  console.log(`Up to ${value} questions a month ${cheaperBelow}, then ${cheaperAbove}.`);
}
