import type { EvaluationCase } from './evaluation-case.js';

/** The right answers of a case: `expected`, or each of its entries. */
export const accepted = ({ expected }: EvaluationCase): readonly unknown[] =>
  Array.isArray(expected) ? expected : [expected];

/** What is wrong with `expected` where it must be texts. */
export const lacksTexts = (one: EvaluationCase): string | undefined =>
  accepted(one).length > 0 && accepted(one).every((text) => typeof text === 'string' && text.trim() !== '')
    ? undefined
    : '"expected" must be a text or a list of texts';

/** Without differences that nobody means: blanks, and upper and lower case unless they count. */
export const normalised = (text: string, caseSensitive = false): string => {
  const spaced = text.normalize('NFC').trim().replaceAll(/\s+/g, ' ');
  return caseSensitive ? spaced : spaced.toLowerCase();
};
