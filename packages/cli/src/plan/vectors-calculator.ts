import type { MeasuredRecall, VectorStoreName, VectorStoreOptions, VectorStorePlan } from '@costkit/planner';
import { CliUsageError } from '../cli-error.js';
import { textTable } from '../text-table.js';
import type { Calculator } from './calculator.js';
import { numberFlag, readText } from './flag-readers.js';
import type { RecallSample } from './measured-recall.js';
import {
  amountText,
  assumptionLines,
  breakEvenText,
  countText,
  heading,
  page,
  sensitivityTable,
  shareText,
} from './plan-text.js';

const TITLES: Readonly<Record<VectorStoreName, string>> = {
  s3Vectors: 'S3 Vectors',
  openSearchServerless: 'OpenSearch Serverless',
  auroraPostgresql: 'Aurora PostgreSQL',
};
const titleOf = (store: VectorStoreName | undefined): string =>
  store === undefined ? 'unknown' : TITLES[store];

function storeTable({ stores }: VectorStorePlan): string {
  const table = textTable(['store', 'month', 'made of'], ['left', 'right', 'left'], [24, 14, 60]);
  for (const { store, perMonth, parts, unsuitable } of stores) {
    const made = parts.map(({ name, amount }) => `${name} ${amountText(amount)}`).join(', ');
    table.push([titleOf(store), unsuitable === undefined ? amountText(perMonth) : '—', unsuitable ?? made]);
  }
  return table.toString();
}

/** The plane: one letter for the cheapest store at each point. */
function planeTable({ plane }: VectorStorePlan): string {
  const queries = [...new Set(plane.map((point) => point.queriesPerMonth))];
  const table = textTable(['vectors \\ queries a month', ...queries.map(countText)], ['right']);
  for (const vectors of new Set(plane.map((point) => point.vectors))) {
    const row = plane.filter((point) => point.vectors === vectors);
    table.push([countText(vectors), ...row.map(({ cheapest }) => titleOf(cheapest).split(' ')[0] ?? '')]);
  }
  return table.toString();
}

/** With its interval, where it was measured with one. */
function recallText({ recall, low, high }: MeasuredRecall): string {
  const interval =
    low === undefined || high === undefined ? '' : ` (${shareText(low)} to ${shareText(high)})`;
  return `${shareText(recall)}${interval}`;
}

/** Points of recall against the vectors as they are. */
function changeText(recall: MeasuredRecall | 'unknown'): string {
  if (recall === 'unknown' || recall.change === undefined) return '';
  const points = (share: number): string => (100 * share).toFixed(1).replace('-', '−');
  const { low, expected, high } = recall.change;
  return `${points(expected)} (${points(low)} to ${points(high)})`;
}

/** What the vectors as they are find: what smaller ones are to be held against. */
function wholeLine({ inputs }: VectorStorePlan): string {
  const { dimensions, type = 'float32', recall = [] } = inputs;
  const whole = recall.find((one) => one.dimensions === dimensions && one.type === type);
  return whole === undefined
    ? ''
    : `As they are, they find ${recallText(whole)} of what is relevant (${whole.source}). Changes are points, of the same questions. In brackets: 95 %.`;
}

function sizeTable({ sizes }: VectorStorePlan): string {
  if (sizes.length === 0) return '';
  const table = textTable(
    ['dimensions', 'type', 'cheapest store', 'month', 'saves', 'recall', 'change'],
    ['right', 'left', 'left', 'right', 'right', 'right', 'right'],
  );
  for (const { dimensions, type, store, perMonth, saved, recall } of sizes) {
    const found = recall === 'unknown' ? recall : recallText(recall);
    table.push([
      dimensions,
      type,
      titleOf(store),
      amountText(perMonth),
      amountText(saved),
      found,
      changeText(recall),
    ]);
  }
  return table.toString();
}

/** `costkit plan vectors` */
export const VECTORS_CALCULATOR: Calculator<VectorStorePlan> = {
  name: 'vectors',
  description: 'what vectors cost in S3 Vectors, OpenSearch Serverless and Aurora PostgreSQL',
  flags: [
    numberFlag('--vectors <count>', 'vectors at rest', 'vectors'),
    numberFlag('--dimensions <count>', 'components of a vector', 'dimensions'),
    { flags: '--type <name>', description: 'float32, float16, int8 or binary', path: 'type', read: readText },
    numberFlag('--queries <count>', 'queries in a month', 'queriesPerMonth'),
    numberFlag('--churn <share>', 'share of the vectors written anew in a month', 'churnPerMonth'),
    numberFlag('--indexes <count>', 'indexes that the vectors are spread over', 'indexes'),
    {
      flags: '--sample <file>',
      description:
        'vectors of yours, to measure what smaller ones miss: JSON lines, Parquet, or a store of costkit embed (.db)',
      path: 'sample',
      read: readText,
    },
    {
      flags: '--questions <file>',
      description: 'what is asked of the sample (default: some of its own vectors)',
      path: 'questions',
      read: readText,
    },
    {
      flags: '--region <name>',
      description: 'Region; prices are known of us-east-1 only',
      path: 'region',
      read: readText,
    },
  ],
  help: `The file is VectorStoreOptions of @costkit/planner; it may hold \`prices\` of other Regions and measured \`recall\`.

A line of --sample is {"id": "a", "vector": [0.1, …]}, one of --questions {"vector": […], "relevant": ["a"]}; where nobody says
what is relevant, it is the ten nearest by the full vectors. Parquet has the same columns. Of a store, --questions takes the
questions of \`costkit embed --queries\`, and embeds them with the store's model: that is paid, by the token.

Example: costkit plan vectors --vectors 2000000 --queries 300000 --sample handbook.db --questions questions.jsonl`,
  async plan(input) {
    const { sample, questions, ...given } = input as Partial<VectorStoreOptions & RecallSample>;
    const { vectorStoreCost } = await import('@costkit/planner');
    if (sample === undefined) {
      if (questions === undefined) return vectorStoreCost(given as VectorStoreOptions);
      throw new CliUsageError('--questions needs --sample FILE, which is asked', 'COSTKIT_INVALID_OPTION');
    }
    const { recallOfSample } = await import('./measured-recall.js');
    const { recall, dimensions } = await recallOfSample({
      sample,
      ...(questions === undefined ? {} : { questions }),
    });
    const measured = { dimensions, ...given, recall: [...recall, ...(given.recall ?? [])] };
    return vectorStoreCost(measured as VectorStoreOptions);
  },
  render: (plan) =>
    page(
      heading(`Cheapest: ${titleOf(plan.cheapest)}, ${amountText(plan.perMonth)} a month`),
      storeTable(plan),
      [...plan.byQueries, ...plan.byVectors]
        .map((change) =>
          breakEvenText(change).replaceAll(/s3Vectors|openSearchServerless|auroraPostgresql/g, (name) =>
            titleOf(name as VectorStoreName),
          ),
        )
        .join('\n'),
      heading('The cheapest store by size and use'),
      planeTable(plan),
      heading('Smaller vectors'),
      sizeTable(plan),
      wholeLine(plan),
      sensitivityTable(plan.sensitivity, 'cheapest month'),
      assumptionLines(plan.assumptions),
    ),
};
