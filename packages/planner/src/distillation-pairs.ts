/** What AWS says about distilling one model into another. */
export type PairSupport = 'supported' | 'not supported' | 'unknown';

/** Prompts of a distillation job: fewer are refused, and no more are used (user guide, read in 2026-09 to 2026-11). */
export const DISTILLATION_PROMPTS: { readonly least: number; readonly most: number } = {
  least: 100,
  most: 15_000,
};

/** Students by teacher, from the user guide's prerequisites for distillation as read in 2026-09 to 2026-11. */
const STUDENTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['amazon.nova-pro-v1:0', ['amazon.nova-lite-v1:0', 'amazon.nova-micro-v1:0']],
  ['amazon.nova-premier-v1:0', ['amazon.nova-lite-v1:0', 'amazon.nova-micro-v1:0', 'amazon.nova-pro-v1:0']],
  [
    'meta.llama3-1-405b-instruct-v1:0',
    [
      'meta.llama3-1-8b-instruct-v1:0',
      'meta.llama3-1-70b-instruct-v1:0',
      'meta.llama3-2-1b-instruct-v1:0',
      'meta.llama3-3-70b-instruct-v1:0',
    ],
  ],
  [
    'meta.llama3-1-70b-instruct-v1:0',
    ['meta.llama3-1-8b-instruct-v1:0', 'meta.llama3-2-1b-instruct-v1:0', 'meta.llama3-2-3b-instruct-v1:0'],
  ],
  [
    'meta.llama3-3-70b-instruct-v1:0',
    ['meta.llama3-1-8b-instruct-v1:0', 'meta.llama3-2-1b-instruct-v1:0', 'meta.llama3-2-3b-instruct-v1:0'],
  ],
]);

/** Providers whose models AWS excludes by name: "not currently available for Anthropic models". */
const EXCLUDED: readonly string[] = ['anthropic'];

/** Base models that AWS lists as students of a teacher, by bare model ids; empty where it lists none. */
export const studentsOf = (teacherId: string): readonly string[] => STUDENTS.get(teacherId) ?? [];

/** Whether AWS lists the pair; bare model ids. */
export function pairSupport(teacherId: string, studentId: string): PairSupport {
  if ([teacherId, studentId].some((id) => EXCLUDED.includes(id.split('.')[0] ?? ''))) return 'not supported';
  const students = STUDENTS.get(teacherId);
  if (students === undefined) return 'unknown';
  return students.includes(studentId) ? 'supported' : 'not supported';
}
