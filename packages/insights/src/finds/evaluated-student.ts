import type { EvaluationLike } from '../evaluation-like.js';

/** What an evaluation says of students of a task's teacher. */
export interface EvaluatedStudent {
  /** Base model of a student whose answers are good enough. */
  readonly holds?: string;
  /** Base models of students whose answers are not. */
  readonly refused: readonly string[];
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
  const judged = results.flatMap(({ tier, comparison }) => {
    const found = evaluation?.tiers?.find(({ name }) => name === tier);
    const isStudent = found !== undefined && isCustom(found.modelId) && students.includes(found.model);
    return isStudent ? [{ model: found.model, verdict: comparison?.verdict }] : [];
  });
  const holds = judged.find(({ verdict }) => verdict === 'holds')?.model;
  return {
    ...(holds === undefined ? {} : { holds }),
    refused: judged.filter(({ verdict }) => verdict === 'loses').map(({ model }) => model),
  };
}
