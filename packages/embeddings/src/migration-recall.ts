import type { Money } from '@costkit/core';
import { embedQueries } from './embed-queries.js';
import { type EmbeddingModel, embeddingModel } from './embedding-model.js';
import { parseSpaceKey } from './embedding-space.js';
import { recallOf } from './retrieval-recall.js';
import type { SyncOptions } from './sync-options.js';
import type { SyncReport } from './sync-report.js';
import type { VectorSink } from './types.js';

/** Chunks that a question is answered with. */
const LIMIT = 10;

/**
 * Measures the recall in the space that is left, now, and hands back what measures it in the new one.
 *
 * @returns `undefined` without questions
 */
export async function migrationRecall(
  {
    sink,
    options,
    model,
  }: { readonly sink: VectorSink; readonly options: SyncOptions; readonly model: EmbeddingModel },
  [from]: readonly string[],
): Promise<(() => Promise<SyncReport['recall']>) | undefined> {
  if (options.queries === undefined || from === undefined) return undefined;
  const left = await askAll(sink, options, embeddingModel(parseSpaceKey(from)));
  return async () => {
    const reached = await askAll(sink, options, model);
    return {
      before: left.recall,
      after: reached.recall,
      cost: left.cost === undefined ? undefined : reached.cost?.plus(left.cost),
    };
  };
}

async function askAll(
  sink: VectorSink,
  options: SyncOptions,
  model: EmbeddingModel,
): Promise<{ readonly recall: number; readonly cost: Money | undefined }> {
  const { queries = [] } = options;
  const { vectorOf, cost } = await embedQueries(queries, model, options);
  let sum = 0;
  for (const { query, evidence } of queries) {
    sum += recallOf(evidence, await sink.query(vectorOf(query), { space: model.space, limit: LIMIT }));
  }
  return { recall: sum / queries.length, cost };
}
