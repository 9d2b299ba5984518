import {
  checkOptions,
  InvalidOptionError,
  isFunction,
  isNonNegativeNumber,
  isObject,
  isPositiveInteger,
  isShare,
  isText,
  Money,
  NO_USAGE,
  type OptionCheck,
} from '@costkit/core';
import { costOf } from '@costkit/pricing';
import { estimateTokens } from '@costkit/tokens';
import { embedQueries } from './embed-queries.js';
import { type EmbeddingModel, embeddingModel } from './embedding-model.js';
import { EmbeddingError } from './errors.js';
import { memoryStore } from './memory-store.js';
import { recallOf } from './retrieval-recall.js';
import { planSync, syncEmbeddings } from './sync-embeddings.js';
import { hasMethods, type SyncOptions } from './sync-options.js';
import type { Reranker, RetrievalChoice, RetrievalTuning, TuneRetrievalOptions } from './tune-retrieval.js';

const areCounts: OptionCheck = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((one) => isPositiveInteger(one) === undefined)
    ? undefined
    : 'must be an array of whole numbers above 0';

const CHECKS = {
  client: hasMethods('send'),
  source: (value: unknown) =>
    typeof value === 'object' || isFunction(value) === undefined ? undefined : 'must be documents',
  model: isText,
  dimensions: isPositiveInteger,
  models: isObject,
  maxUsd: (value: unknown) => isNonNegativeNumber(Number(value)),
  concurrency: isPositiveInteger,
  retryMs: isNonNegativeNumber,
  queries: (value: unknown) =>
    Array.isArray(value) && value.length > 0 ? undefined : 'must hold a question',
  targetRecall: isShare,
  answerModel: isText,
  sizes: areCounts,
  limits: areCounts,
  rerankers: (value: unknown) => (Array.isArray(value) ? undefined : 'must be an array'),
};

/** What `tuneRetrieval` does. */
export async function runTuning(options: TuneRetrievalOptions): Promise<RetrievalTuning> {
  checkOptions<TuneRetrievalOptions>('embeddings', options, CHECKS);
  for (const name of ['client', 'source', 'model', 'queries', 'targetRecall', 'answerModel'] as const) {
    if (options[name] === undefined) throw new InvalidOptionError('embeddings', name, 'is missing');
  }
  const { queries, targetRecall, sizes = [256, 512] } = options;
  const model = embeddingModel(options);
  const syncs = sizes.map((maxTokens) => syncOf(options, maxTokens));
  await refuseTooDear(syncs, options.maxUsd);
  const asked = await embedQueries(queries, model, options);
  let cost: Money | undefined = asked.cost;
  const choices: RetrievalChoice[] = [];
  for (const sync of syncs) {
    const { embedded } = await syncEmbeddings(sync);
    cost = embedded.cost === undefined ? undefined : cost?.plus(embedded.cost);
    choices.push(...(await measureSize(options, sync, model, asked.vectorOf)));
  }
  const usdOf = ({ costPerQuery }: RetrievalChoice): number => costPerQuery?.usd ?? Number.POSITIVE_INFINITY;
  choices.sort((one, other) => usdOf(one) - usdOf(other) || other.recall - one.recall);
  return { best: choices.find(({ recall }) => recall >= targetRecall), choices, cost };
}

type SizedSync = SyncOptions & Required<Pick<SyncOptions, 'sink' | 'chunk'>>;

function syncOf(options: TuneRetrievalOptions, maxTokens: number): SizedSync {
  const { client, source, model, dimensions, models, concurrency, retryMs } = options;
  return {
    client,
    source,
    model,
    chunk: { maxTokens },
    sink: memoryStore(),
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(models === undefined ? {} : { models }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(retryMs === undefined ? {} : { retryMs }),
  };
}

async function refuseTooDear(
  syncs: readonly SizedSync[],
  maxUsd: number | string | undefined,
): Promise<void> {
  if (maxUsd === undefined) return;
  let highest: Money | undefined = Money.zero;
  for (const sync of syncs) {
    const { embed } = await planSync(sync);
    highest = embed.highest === undefined ? undefined : highest?.plus(embed.highest);
  }
  if (highest !== undefined && highest.compare(Money.fromUsd(maxUsd)) <= 0) return;
  throw new EmbeddingError(
    'COSTKIT_EMBEDDINGS_TOO_EXPENSIVE',
    `embedding the corpus for ${syncs.length} sizes may cost ${highest ?? 'an unknown amount'}, above the limit of ${Money.fromUsd(maxUsd)}. Give a sample of the documents, fewer sizes, or raise "maxUsd"`,
  );
}

async function measureSize(
  options: TuneRetrievalOptions,
  { sink, chunk }: SizedSync,
  model: EmbeddingModel,
  vectorOf: (query: string) => Float32Array,
): Promise<RetrievalChoice[]> {
  const { queries, limits = [1, 2, 4, 8, 16], rerankers = [] } = options;
  const most = Math.max(...limits, ...rerankers.map(({ candidates }) => candidates));
  const sums = new Map<string, { recall: number; tokens: number; queryTokens: number }>();
  const ways = [undefined, ...rerankers];
  const keyOf = (limit: number, way: Reranker | undefined): string => `${limit} ${way?.name ?? ''}`;
  for (const { query, evidence } of queries) {
    const found = await sink.query(vectorOf(query), { space: model.space, limit: most });
    for (const way of ways) {
      const ordered = way === undefined ? found : await way.rerank(query, found.slice(0, way.candidates));
      for (const limit of limits) {
        const chunks = ordered.slice(0, limit);
        const sum = sums.get(keyOf(limit, way)) ?? { recall: 0, tokens: 0, queryTokens: 0 };
        sum.recall += recallOf(evidence, chunks);
        for (const { text } of chunks)
          sum.tokens += estimateTokens(text, { model: options.answerModel }).tokens;
        sum.queryTokens += estimateTokens(query, { model: model.resolved.model.id }).tokens;
        sums.set(keyOf(limit, way), sum);
      }
    }
  }
  return ways.flatMap((way) =>
    limits.map((limit): RetrievalChoice => {
      const sum = sums.get(keyOf(limit, way)) ?? { recall: 0, tokens: 0, queryTokens: 0 };
      const [contextTokens, queryTokens] = [sum.tokens / queries.length, sum.queryTokens / queries.length];
      return {
        maxTokens: chunk.maxTokens as number,
        limit,
        ...(way === undefined ? {} : { reranker: way.name }),
        recall: sum.recall / queries.length,
        contextTokens,
        costPerQuery: costPerQuery(options, model, { contextTokens, queryTokens, reranker: way }),
      };
    }),
  );
}

function costPerQuery(
  { answerModel }: TuneRetrievalOptions,
  model: EmbeddingModel,
  {
    contextTokens,
    queryTokens,
    reranker,
  }: { contextTokens: number; queryTokens: number; reranker: Reranker | undefined },
): Money | undefined {
  const question = costOf({ ...NO_USAGE, input: Math.round(queryTokens) }, { model: model.resolved });
  const context = costOf({ ...NO_USAGE, input: Math.round(contextTokens) }, { model: answerModel });
  if (!question.complete || !context.complete) return undefined;
  return question.total.plus(context.total).plus(Money.fromUsd(reranker?.usdPerQuery ?? 0));
}
