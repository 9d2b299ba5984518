import type { ResponseView } from '@costkit/core';
import type { EvaluationCase } from './evaluation-case.js';

/** What a model answered. */
export type EvaluatedAnswer = Pick<ResponseView, 'text' | 'toolUses' | 'stopReason'>;

/** Which of two answers a judge prefers; `unreadable`: the judge did not say. */
export type Preference = 'tier' | 'baseline' | 'tie' | 'unreadable';

/** What a judge said in both orders. */
export interface Judgement {
  /** With the baseline's answer first. */
  readonly baselineFirst: Preference;
  /** With the tier's answer first. */
  readonly tierFirst: Preference;
}

/** A grade, and how a judge came to it. */
export interface Grade {
  /** 0 to 1. */
  readonly score: number;
  readonly judgement?: Judgement;
}

/** What a grader may look at besides the answer. */
export interface GradingContext {
  /** Name of the tier that answered. */
  readonly tier: string;
  /** The answer of the baseline to the same case; only where the grader `compares`. */
  readonly baselineAnswer?: EvaluatedAnswer;
  /** Aborted when the evaluation is. */
  readonly signal?: AbortSignal;
}

/** Grades one answer: 0 to 1, or whether it is right. Answers that failed (refused, cut, an error) never reach it. */
export type GradeFunction = (
  answer: EvaluatedAnswer,
  evaluationCase: EvaluationCase,
  context: GradingContext,
) => number | boolean | Grade | Promise<number | boolean | Grade>;

/** What an evaluation can know of a grader before it begins; all of it may be missing. */
export interface GraderTraits {
  /**
   * Names the grader in reports and result files: another id grades anew. @defaultValue the function's name and a digest
   * of its source
   */
  readonly id?: string;
  /** Says what a case lacks, before anything is paid. @defaultValue nothing */
  readonly lacks?: (evaluationCase: EvaluationCase) => string | undefined;
  /** Loads what it needs and reads the cases, before anything is paid. @defaultValue nothing */
  readonly prepare?: (cases: readonly EvaluationCase[]) => Promise<void>;
  /** Compares with the baseline's answer, which is then asked for first and gets `baselineScore`. @defaultValue `false` */
  readonly compares?: boolean;
  /** The grade of the baseline's own answers, where the grader compares. @defaultValue 0.5 */
  readonly baselineScore?: number;
  /** Calls that it makes for each answer, for the forecast. @defaultValue none */
  readonly calls?: GraderCalls;
}

/** Calls of a judge. */
export interface GraderCalls {
  readonly modelId: string;
  readonly perAnswer: number;
  readonly maxTokens: number;
  /** All that a call reads besides the two answers. @defaultValue the request of the case, and 300 tokens */
  readonly text?: (evaluationCase: EvaluationCase) => string;
}

/** A function that grades, with what is known about it. */
export type Grader = GradeFunction & GraderTraits;

/** Gives a grading function traits. */
export function makeGrader(traits: GraderTraits, grade: GradeFunction): Grader {
  return Object.assign((...args: Parameters<GradeFunction>) => grade(...args), traits);
}

/** A grade within 0 and 1, or a reason why it is none. */
export function gradeOf(value: number | boolean | Grade): Grade | string {
  const grade: Grade = typeof value === 'object' ? value : { score: Number(value) };
  return typeof grade?.score === 'number' && grade.score >= 0 && grade.score <= 1
    ? grade
    : 'it must return a number from 0 to 1, a boolean or a grade';
}
