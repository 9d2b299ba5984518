import { CostkitError } from '@costkit/core';

/** What can be wrong with a batch. */
export type BatchErrorCode =
  | 'COSTKIT_BATCH_MODEL_UNSUPPORTED'
  | 'COSTKIT_BATCH_MODEL_ABOVE_POLICY'
  | 'COSTKIT_BATCH_TOO_FEW_RECORDS'
  | 'COSTKIT_BATCH_RECORD_INVALID'
  | 'COSTKIT_BATCH_RECORD_DUPLICATE'
  | 'COSTKIT_BATCH_SOURCE_INVALID'
  | 'COSTKIT_BATCH_SOURCE_READ_ONCE'
  | 'COSTKIT_BATCH_TOO_EXPENSIVE'
  | 'COSTKIT_BATCH_JOB_FAILED'
  | 'COSTKIT_BATCH_OUTPUT_INVALID'
  | 'COSTKIT_BATCH_BUCKET_MISSING'
  | 'COSTKIT_BATCH_JOURNAL_INVALID'
  | 'COSTKIT_BATCH_JOURNAL_TAKEN'
  | 'COSTKIT_BATCH_NOT_STAGED'
  | 'COSTKIT_BATCH_PACKAGE_MISSING'
  | 'COSTKIT_BATCH_ALREADY_RUN';

/** A batch cannot be written, started or finished; `code` says why, the message what to do. */
export class BatchError extends CostkitError {
  /** @internal */
  static readonly instanceName: string = 'BatchError';
  override readonly name: string = 'BatchError';
  declare readonly code: BatchErrorCode;

  constructor(code: BatchErrorCode, message: string, options: ErrorOptions = {}) {
    super(`costkit batch: ${message}.`.replace(/\.\.$/, '.'), { code, ...options });
  }
}
