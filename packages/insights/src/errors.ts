import { CostkitError } from '@costkit/core';

/** What can be wrong with an analysis. */
export type InsightsErrorCode =
  | 'COSTKIT_INSIGHTS_SOURCE_MISSING'
  | 'COSTKIT_INSIGHTS_SOURCE_EMPTY'
  | 'COSTKIT_INSIGHTS_SOURCE_UNKNOWN'
  | 'COSTKIT_INSIGHTS_S3_CLIENT_MISSING'
  | 'COSTKIT_INSIGHTS_BATCH_JOB_UNKNOWN'
  | 'COSTKIT_INSIGHTS_COSTS_TOO_COARSE'
  | 'COSTKIT_INSIGHTS_METRICS_INCOMPLETE';

/** Logs cannot be analysed; `code` says why, the message what to do. */
export class InsightsError extends CostkitError {
  /** @internal */
  static readonly instanceName: string = 'InsightsError';
  override readonly name: string = 'InsightsError';
  declare readonly code: InsightsErrorCode;

  constructor(code: InsightsErrorCode, message: string, options: ErrorOptions = {}) {
    super(`costkit insights: ${message}.`.replace(/\.\.$/, '.'), { code, ...options });
  }
}
