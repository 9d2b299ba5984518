import type { VectorStoreName, VectorStoreOptions, VectorStorePlan } from '@costkit/planner';
import { textTable } from '../text-table.js';
import type { Calculator } from './calculator.js';
import { numberFlag, readText } from './flag-readers.js';
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

function sizeTable({ sizes }: VectorStorePlan): string {
  if (sizes.length === 0) return '';
  const table = textTable(
    ['dimensions', 'type', 'cheapest store', 'month', 'saves', 'recall'],
    ['right', 'left', 'left', 'right', 'right', 'right'],
  );
  for (const { dimensions, type, store, perMonth, saved, recall } of sizes) {
    const found = recall === 'unknown' ? recall : shareText(recall.recall);
    table.push([dimensions, type, titleOf(store), amountText(perMonth), amountText(saved), found]);
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
      flags: '--region <name>',
      description: 'Region; prices are known of us-east-1 only',
      path: 'region',
      read: readText,
    },
  ],
  help: 'The file is VectorStoreOptions of @costkit/planner; it may hold `prices` of other Regions and measured `recall`.',
  async plan(input) {
    const { vectorStoreCost } = await import('@costkit/planner');
    return vectorStoreCost(input as VectorStoreOptions);
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
      sensitivityTable(plan.sensitivity, 'cheapest month'),
      assumptionLines(plan.assumptions),
    ),
};
