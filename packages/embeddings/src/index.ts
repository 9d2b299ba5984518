/**
 * Embeddings that are paid once.
 * @module
 */
export type { RateLimits } from './call-rate.js';
export { type ChunkOptions, chunkText, type TextChunk } from './chunk-text.js';
export type { ModelChoice } from './embedding-model.js';
export { parseSpaceKey, spaceKey } from './embedding-space.js';
export { EmbeddingError, type EmbeddingErrorCode } from './errors.js';
export { type LibsqlStore, type LibsqlStoreOptions, libsqlStore } from './libsql-store.js';
export { memoryStore } from './memory-store.js';
export { createQueryEmbedder, type QueryEmbedder, type QueryEmbedderOptions } from './query-embedder.js';
export { type Evidence, type EvidenceQuery, recallOf } from './retrieval-recall.js';
export { type StoredVectors, storedVectors } from './stored-vectors.js';
export { planSync, syncEmbeddings } from './sync-embeddings.js';
export type { SyncOptions } from './sync-options.js';
export type { SyncPlan, SyncProgress, SyncReport, TokenCost } from './sync-report.js';
export {
  type Reranker,
  type RetrievalChoice,
  type RetrievalTuning,
  type TuneRetrievalOptions,
  tuneRetrieval,
} from './tune-retrieval.js';
export type {
  DocumentSource,
  EmbeddingClock,
  EmbeddingIndex,
  EmbeddingSpace,
  SinkEntry,
  SinkMatch,
  SinkQuery,
  SinkRecord,
  SourceDocument,
  UnusedLease,
  Vector,
  VectorSink,
  VectorStore,
} from './types.js';
