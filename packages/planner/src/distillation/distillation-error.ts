import { CostkitError } from '@costkit/core';

/** What can be wrong with a distillation. */
export type DistillationErrorCode =
  | 'COSTKIT_DISTILLATION_SOURCE_INVALID'
  | 'COSTKIT_DISTILLATION_TOO_FEW_PROMPTS'
  | 'COSTKIT_DISTILLATION_PAIR_UNSUPPORTED'
  | 'COSTKIT_DISTILLATION_TOO_EXPENSIVE'
  | 'COSTKIT_DISTILLATION_JOB_FAILED'
  | 'COSTKIT_DISTILLATION_DEPLOYMENT_FAILED';

/** A student cannot be made; `code` says why, the message what to do. It never quotes a prompt or an answer. */
export class DistillationError extends CostkitError {
  /** @internal */
  static readonly instanceName: string = 'DistillationError';
  override readonly name: string = 'DistillationError';
  declare readonly code: DistillationErrorCode;

  constructor(code: DistillationErrorCode, message: string, options: ErrorOptions = {}) {
    super(`costkit planner: ${message}.`.replace(/\.\.$/, '.'), { code, ...options });
  }
}
