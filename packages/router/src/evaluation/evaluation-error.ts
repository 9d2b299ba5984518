import { CostkitError } from '@costkit/pricing';

/** What went wrong with an evaluation. */
export type EvaluationErrorCode =
  | 'COSTKIT_EVALUATION_INVALID_CASE'
  | 'COSTKIT_EVALUATION_NO_CASES'
  | 'COSTKIT_EVALUATION_RESULTS_INVALID'
  | 'COSTKIT_EVALUATION_PRICE_UNKNOWN'
  | 'COSTKIT_EVALUATION_OVER_BUDGET'
  | 'COSTKIT_EVALUATION_REROUTED'
  | 'COSTKIT_EVALUATION_NO_RECEIPT'
  | 'COSTKIT_EVALUATION_GRADER_FAILED'
  | 'COSTKIT_EVALUATION_INVALID_REPORT';

/** An evaluation cannot begin, or cannot go on. What was graded before stands in the results file. */
export class EvaluationError extends CostkitError {
  /** @internal */
  static readonly instanceName: string = 'EvaluationError';
  override readonly name: string = 'EvaluationError';

  constructor(code: EvaluationErrorCode, problem: string, options: ErrorOptions = {}) {
    super(`costkit router: ${problem}.`, { code, ...options });
  }
}
