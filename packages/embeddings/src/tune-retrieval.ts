import type { Money } from '@costkit/core';
import type { EvidenceQuery } from './retrieval-recall.js';
import type { SyncOptions } from './sync-options.js';
import type { SinkMatch } from './types.js';

/** Orders what a search has found anew. */
export interface Reranker {
  /** Names it in the result. */
  readonly name: string;
  /** What one question costs, in dollars. */
  readonly usdPerQuery: number | string;
  /** Chunks that it is given. */
  readonly candidates: number;
  /** The chunks, the best first. */
  rerank(query: string, matches: readonly SinkMatch[]): Promise<readonly SinkMatch[]>;
}

/** What {@link tuneRetrieval} takes. */
export interface TuneRetrievalOptions
  extends Pick<
    SyncOptions,
    'client' | 'source' | 'model' | 'dimensions' | 'models' | 'maxUsd' | 'concurrency' | 'retryMs'
  > {
  /** Questions, and where their answers stand. */
  readonly queries: readonly EvidenceQuery[];
  /** Share of the evidence that must be found on average. */
  readonly targetRecall: number;
  /** The model that answers: its input price decides what context costs. */
  readonly answerModel: string;
  /** Sizes of chunks, in tokens. @defaultValue `[256, 512]` */
  readonly sizes?: readonly number[];
  /** Numbers of chunks that go into a prompt. @defaultValue `[1, 2, 4, 8, 16]` */
  readonly limits?: readonly number[];
  /** Tried beside the order of the search itself. @defaultValue none */
  readonly rerankers?: readonly Reranker[];
}

/** One way to retrieve, measured on the questions. */
export interface RetrievalChoice {
  /** Size of chunks, in tokens. */
  readonly maxTokens: number;
  /** Chunks in a prompt. */
  readonly limit: number;
  /** Its name, where there is one. */
  readonly reranker?: string;
  /** Mean share of the evidence that was found. */
  readonly recall: number;
  /** Mean tokens of the chunks, estimated for the answering model. */
  readonly contextTokens: number;
  /** Of a question: its vector, the reranker, and the chunks as input of the answering model; `undefined`: a price is unknown. */
  readonly costPerQuery: Money | undefined;
}

/** What {@link tuneRetrieval} has found. */
export interface RetrievalTuning {
  /** The cheapest choice that reaches the target; `undefined` where none does. */
  readonly best: RetrievalChoice | undefined;
  /** All choices, the cheapest first. */
  readonly choices: readonly RetrievalChoice[];
  /** What finding out has cost; `undefined`: a price is unknown. */
  readonly cost: Money | undefined;
}

/**
 * Finds the cheapest chunk size, number of chunks and reranker that find enough of the evidence. The corpus is embedded
 * once for each size, in memory: give a sample where it is large. The figures hold for the questions that were asked; with
 * few of them, differences are chance.
 *
 * @throws `InvalidOptionError` for options; {@link EmbeddingError} `COSTKIT_EMBEDDINGS_TOO_EXPENSIVE` before anything is
 * paid, where embedding for all sizes may cost more than `maxUsd`; what `syncEmbeddings` throws.
 *
 * @example
 * ```ts
 * const { best } = await tuneRetrieval({ client, source, model, queries, targetRecall: 0.9, answerModel: 'us.amazon.nova-2-lite-v1:0' });
 * ```
 */
export async function tuneRetrieval(options: TuneRetrievalOptions): Promise<RetrievalTuning> {
  // Few processes tune: they load what does it.
  const { runTuning } = await import('./run-tuning.js');
  return runTuning(options);
}
