import type { Judgement } from './grader.js';
import type { PairedCounts } from './statistics/paired-counts.js';

/** The grades, 0 to 1, of two models on the same cases of one task, in the same order. */
export interface PairedGrades {
  readonly task: string;
  /** Name of the tier that is compared with the baseline. */
  readonly tier: string;
  readonly baselineGrades: readonly number[];
  readonly tierGrades: readonly number[];
  /** Of those cases that a judge compared. @defaultValue none */
  readonly judgements?: readonly Judgement[];
}

/** What each case loses: −1 to 1. */
export function lossesOf({ baselineGrades, tierGrades }: PairedGrades): readonly number[] {
  return baselineGrades.map((grade, index) => grade - (tierGrades[index] ?? 0));
}

export function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Whether every grade is right or wrong, so that exact tests of counts apply. */
export function isRightOrWrong(grades: readonly number[]): boolean {
  return grades.every((grade) => grade === 0 || grade === 1);
}

/** The counts of right and wrong grades; `undefined` where a grade lies between. */
export function countsOf(pair: PairedGrades): PairedCounts | undefined {
  if (!isRightOrWrong(pair.baselineGrades) || !isRightOrWrong(pair.tierGrades)) return undefined;
  const losses = lossesOf(pair);
  return {
    cases: losses.length,
    losses: losses.filter((loss) => loss > 0).length,
    gains: losses.filter((loss) => loss < 0).length,
  };
}
