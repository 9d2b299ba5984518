import type { EvaluationLike } from '../evaluation-like.js';

/** What an evaluation says of students of a task's teacher. */
export interface EvaluatedStudent {
  /** Base model of a student whose answers are good enough. */
  readonly holds?: string;
  /** Base model of a student whose answers are not. */
  readonly refused?: string;
}

/** What a student is called by: its base model under its own name has learnt nothing. */
const isCustom = (modelId: string): boolean =>
  /^arn:.*:(custom-model|custom-model-deployment|provisioned-model)\//.test(modelId);

/** Finds the task's students in an evaluation: tiers that are custom models of one of these base models. */
export function evaluatedStudent(
  evaluation: EvaluationLike | undefined,
  task: string,
  students: readonly string[],
): EvaluatedStudent {
  const results = evaluation?.tasks.find((one) => one.task === task)?.tiers ?? [];
  for (const { tier, comparison } of results) {
    const found = evaluation?.tiers?.find(({ name }) => name === tier);
    if (found === undefined || !isCustom(found.modelId) || !students.includes(found.model)) continue;
    if (comparison?.verdict === 'holds') return { holds: found.model };
    if (comparison?.verdict === 'loses') return { refused: found.model };
  }
  return {};
}
