/**
 * Students by teacher (user guide, prerequisites for distillation, read in 2026-09 to 2026-11). The guide binds some
 * pairs to a Region, which is not checked here. Anthropic's models cannot be distilled.
 */
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

/** Whether the service distils this teacher into this student; both are foundation-model ids. */
export const canDistil = (teacher: string, student: string): boolean =>
  STUDENTS.get(teacher)?.includes(student) === true;
