import { CostkitError, collectReceipts, Money, withTags } from '@costkit/core';
import { saysOutOfService } from '../health.js';
import { errorName } from '../refusals.js';
import { EVALUATION_FEATURE } from './ask-tier.js';
import { EvaluationError } from './evaluation-error.js';
import { type Cell, graderId } from './evaluation-plan.js';
import { type EvaluatedAnswer, type Grade, gradeOf } from './grader.js';

/** Errors of a judge that say nothing of its next call: one answer more that is not graded, and no reason to lose all. */
const mayPass = (name: string): boolean =>
  name === 'TimeoutError' || (saysOutOfService(name) && name !== 'ServiceQuotaExceededException');

/**
 * Grades an answer. The calls that a grader makes are on the evaluation's bill.
 *
 * @param note - told what they have cost, also where the grader fails.
 * @returns `undefined` where one of them has failed by an error that may pass.
 * @throws {@link EvaluationError} `COSTKIT_EVALUATION_GRADER_FAILED` where the grader throws or returns no grade.
 */
export async function gradeAnswer(
  cell: Cell,
  answer: EvaluatedAnswer,
  baselineAnswer: EvaluatedAnswer | undefined,
  signal: AbortSignal | undefined,
  note: (paid: Money) => void,
): Promise<Grade | undefined> {
  const { evaluationCase, tier, grader, isBaseline } = cell;
  // With what it is compared with it is compared with itself.
  if (grader.compares === true && isBaseline) return { score: grader.baselineScore ?? 0.5 };
  const failed = (problem: string, cause?: unknown): EvaluationError =>
    new EvaluationError(
      'COSTKIT_EVALUATION_GRADER_FAILED',
      `the grader ${graderId(grader)} failed on case "${evaluationCase.id}": ${problem}`,
      cause === undefined ? {} : { cause },
    );
  const { result, receipts } = await collectReceipts(() =>
    withTags({ feature: EVALUATION_FEATURE, task: evaluationCase.task }, async () => {
      try {
        return gradeOf(
          await grader(answer, evaluationCase, {
            tier: tier.name,
            ...(baselineAnswer === undefined ? {} : { baselineAnswer }),
            ...(signal === undefined ? {} : { signal }),
          }),
        );
      } catch (error) {
        return { thrown: error };
      }
    }),
  );
  note(Money.sum(receipts.map(({ cost }) => cost ?? Money.zero)));
  if (typeof result === 'string') throw failed(result);
  if ('thrown' in result) {
    const { thrown } = result;
    if (mayPass(errorName(thrown))) return undefined;
    // Of the SDK, or ours: it says what to do.
    if (CostkitError.isInstance(thrown) || (thrown as { $fault?: unknown } | null)?.$fault !== undefined)
      throw thrown;
    throw failed('it threw. Its error is the cause', thrown);
  }
  return result;
}
