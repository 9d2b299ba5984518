import { CostkitError } from '@costkit/core';

/** What can be wrong with a sync or a store. */
export type EmbeddingErrorCode =
  | 'COSTKIT_EMBEDDINGS_MODEL_UNSUPPORTED'
  | 'COSTKIT_EMBEDDINGS_SOURCE_INVALID'
  | 'COSTKIT_EMBEDDINGS_SOURCE_EMPTY'
  | 'COSTKIT_EMBEDDINGS_MIGRATION'
  | 'COSTKIT_EMBEDDINGS_TOO_EXPENSIVE'
  | 'COSTKIT_EMBEDDINGS_LOCKED'
  | 'COSTKIT_EMBEDDINGS_LOCK_LOST'
  | 'COSTKIT_EMBEDDINGS_ANSWER_INVALID'
  | 'COSTKIT_EMBEDDINGS_BATCH_FAILED'
  | 'COSTKIT_EMBEDDINGS_STORE_FAILED'
  | 'COSTKIT_EMBEDDINGS_PACKAGE_MISSING';

/** Documents cannot be embedded, stored or found; `code` says why, the message what to do. */
export class EmbeddingError extends CostkitError {
  /** @internal */
  static readonly instanceName: string = 'EmbeddingError';
  override readonly name: string = 'EmbeddingError';
  declare readonly code: EmbeddingErrorCode;

  constructor(code: EmbeddingErrorCode, message: string, options: ErrorOptions = {}) {
    super(`costkit embeddings: ${message}.`.replace(/\.\.$/, '.'), { code, ...options });
  }
}
