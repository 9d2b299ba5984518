import { pairSupport } from '../distillation-pairs.js';
import { DistillationError } from './distillation-error.js';

/** Variants of a base model with a context size, such as `:128k`. */
const CONTEXT_SIZE = /:\d+k$/;

/** The base model of a student, whose variants jobs take by ids of their own. */
export const baseOf = (student: string): string => student.replace(CONTEXT_SIZE, '');

/** @throws DistillationError `COSTKIT_DISTILLATION_PAIR_UNSUPPORTED` for bare ids of a pair that AWS does not list */
export function requirePair(teacherId: string, studentId: string): void {
  if (pairSupport(teacherId, studentId) === 'supported') return;
  throw new DistillationError(
    'COSTKIT_DISTILLATION_PAIR_UNSUPPORTED',
    `AWS does not list ${studentId} as a student of ${teacherId}. Choose a pair of the user guide's prerequisites for distillation`,
  );
}
