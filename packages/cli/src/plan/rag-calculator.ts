import type { RagVersusLongContext, RagVersusLongContextOptions } from '@costkit/planner';
import { textTable } from '../text-table.js';
import type { Calculator } from './calculator.js';
import { numberFlag, readText } from './flag-readers.js';
import { lineChart } from './line-chart.js';
import {
  amountText,
  assumptionLines,
  breakEvenText,
  heading,
  page,
  sensitivityTable,
  shareText,
} from './plan-text.js';

function costTable({ longContext, retrieval }: RagVersusLongContext): string {
  const table = textTable(['', 'month', 'question'], ['left', 'right', 'right']);
  const cache =
    longContext.ttl === 'none'
      ? 'not cached'
      : `cached for ${longContext.ttl}, ${shareText(longContext.hitShare)} read`;
  table.push(
    [`long context, ${cache}`, amountText(longContext.perMonth), amountText(longContext.perQuestion)],
    [
      'long context without cache',
      amountText(longContext.uncached.perMonth),
      amountText(longContext.uncached.perQuestion),
    ],
    ['retrieval', amountText(retrieval.perMonth), amountText(retrieval.perQuestion)],
    ['  its answers', amountText(retrieval.answers), ''],
    ['  its embeddings', amountText(retrieval.embeddings), ''],
    ['  its store', String(retrieval.store), ''],
    ['  its fees', String(retrieval.fees), ''],
  );
  return table.toString();
}

function qualityText({ quality }: RagVersusLongContext): string {
  return quality === 'unknown'
    ? 'Quality: unknown. Evaluate both on your own questions before you decide by price.'
    : `Quality: retrieval ${shareText(quality.retrieval)}, long context ${shareText(quality.longContext)} (${quality.source}).`;
}

async function chartOf({ curve }: RagVersusLongContext, columns: number): Promise<string> {
  const pointsOf = (key: 'longContext' | 'retrieval'): [number, number][] =>
    curve.flatMap((point): [number, number][] => {
      const amount = point[key];
      return amount === undefined ? [] : [[point.questions, amount.usd]];
    });
  return lineChart(
    [
      { name: 'long context', points: pointsOf('longContext') },
      { name: 'retrieval', points: pointsOf('retrieval') },
    ],
    { title: 'Dollars a month', xLabel: 'questions a month', columns },
  );
}

/** `costkit plan rag` */
export const RAG_CALCULATOR: Calculator<RagVersusLongContext> = {
  name: 'rag',
  description: 'retrieval against the whole corpus in the prompt, prompt cache included',
  flags: [
    { flags: '--model <id>', description: 'model that answers', path: 'model', read: readText },
    { flags: '--region <name>', description: 'source Region', path: 'region', read: readText },
    numberFlag('--corpus <tokens>', 'tokens of the whole corpus', 'corpusTokens'),
    numberFlag('--questions <count>', 'questions in a month', 'questionsPerMonth'),
    numberFlag('--question-tokens <count>', 'tokens of one question with its instructions', 'questionTokens'),
    numberFlag('--output <tokens>', 'tokens of one answer', 'outputTokens'),
    {
      flags: '--embedding <id>',
      description: 'embedding model',
      path: 'retrieval.embeddingModel',
      read: readText,
    },
    numberFlag('--chunk-tokens <count>', 'tokens of one chunk', 'retrieval.chunkTokens'),
    numberFlag('--chunks <count>', 'chunks in one prompt', 'retrieval.chunksPerQuestion'),
    numberFlag(
      '--store-usd <dollars>',
      'vector store in a month: see costkit plan vectors',
      'retrieval.storeUsdPerMonth',
    ),
    numberFlag('--hours <count>', 'hours of a month in which questions arrive', 'activeHoursPerMonth'),
  ],
  help: 'The file is RagVersusLongContextOptions of @costkit/planner.',
  async plan(input) {
    const { ragVersusLongContext } = await import('@costkit/planner');
    return ragVersusLongContext(input as RagVersusLongContextOptions);
  },
  render: async (plan, columns) =>
    page(
      heading(plan.cheaper === undefined ? 'Which is cheaper is unknown' : `Cheaper here: ${plan.cheaper}`),
      costTable(plan),
      await chartOf(plan, columns),
      [...plan.byQuestions, ...plan.byCorpus].map(breakEvenText).join('\n'),
      qualityText(plan),
      sensitivityTable(plan.sensitivity, 'retrieval saves'),
      assumptionLines(plan.assumptions),
    ),
};
