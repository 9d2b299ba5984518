import type { Money } from '@costkit/core';
import { contentHash } from './content-hash.js';
import { textEmbedder } from './embed-texts.js';
import { type EmbeddingModel, embeddingModel } from './embedding-model.js';
import { parseSpaceKey } from './embedding-space.js';
import { recallOf } from './retrieval-recall.js';
import type { SyncOptions } from './sync-options.js';
import type { SyncReport } from './sync-report.js';
import { systemEmbeddingClock } from './system-embedding-clock.js';
import type { Vector, VectorSink } from './types.js';

/** Chunks that a question is answered with. */
const LIMIT = 10;

interface Asked {
  readonly recall: number;
  readonly cost: Money | undefined;
}

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

async function askAll(sink: VectorSink, options: SyncOptions, model: EmbeddingModel): Promise<Asked> {
  const { client, queries = [], concurrency = 8, maxRetries = 6, retryMs = 1000, signal } = options;
  const { clock = systemEmbeddingClock } = options;
  const embedder = textEmbedder(client, model, { concurrency, maxRetries, retryMs, clock, signal });
  const texts = new Map(
    queries.map(({ query }) => [contentHash(query), { hash: contentHash(query), text: query, tokens: 0 }]),
  );
  const vectors = new Map<string, Vector>();
  await embedder.embed([...texts.values()], 'query', (found) => {
    for (const [hash, vector] of found) vectors.set(hash, vector);
    return Promise.resolve();
  });
  let sum = 0;
  for (const { query, evidence } of queries) {
    const vector = vectors.get(contentHash(query)) as Vector;
    sum += recallOf(evidence, await sink.query(vector, { space: model.space, limit: LIMIT }));
  }
  return { recall: sum / queries.length, cost: embedder.spending.cost ?? undefined };
}
