import type { Money } from '@costkit/core';
import { systemWaitingClock } from '@costkit/core/waiting-clock';
import { estimateTokens } from '@costkit/tokens';
import { contentHash } from './content-hash.js';
import { textEmbedder } from './embed-texts.js';
import type { EmbeddingModel } from './embedding-model.js';
import { inParallel } from './in-parallel.js';
import { piecesOf } from './pieces-of.js';
import type { SyncOptions } from './sync-options.js';
import type { Vector } from './types.js';

/** Questions as vectors. */
export interface EmbeddedQueries {
  vectorOf(query: string): Vector;
  /** `undefined`: a price is unknown. */
  readonly cost: Money | undefined;
  /** Tokens of all of them, each counted once. */
  readonly tokens: number;
}

/** How calls are made: by the options of a sync. */
export type QueryCalls = Pick<
  SyncOptions,
  'client' | 'concurrency' | 'maxRetries' | 'retryMs' | 'signal' | 'clock'
>;

/** Embeds questions, each once. */
export async function embedQueries(
  queries: readonly { readonly query: string }[],
  model: EmbeddingModel,
  { client, concurrency = 8, maxRetries = 6, retryMs = 1000, signal, clock = systemWaitingClock }: QueryCalls,
): Promise<EmbeddedQueries> {
  const embedder = textEmbedder(client, model, { maxRetries, retryMs, clock, signal });
  const texts = new Map(
    queries.map(({ query: text }) => {
      const hash = contentHash(text);
      return [hash, { hash, text, tokens: estimateTokens(text, { model: model.resolved.model.id }).tokens }];
    }),
  );
  const vectors = new Map<string, Vector>();
  await inParallel(piecesOf([...texts.values()], model.dialect.mostTexts), concurrency, async (group) => {
    for (const [hash, vector] of await embedder.embed(group, 'query')) vectors.set(hash, vector);
  });
  const { cost, tokens } = embedder.spending;
  return { vectorOf: (query) => vectors.get(contentHash(query)) as Vector, cost, tokens };
}
