import type { EvaluationCase } from './evaluation-case.js';
import { accepted, lacksTexts, normalised } from './expected-texts.js';
import { type Grader, makeGrader } from './grader.js';

/** How texts are compared. */
export interface TextGraderOptions {
  /** Whether upper and lower case differ. @defaultValue `false` */
  readonly caseSensitive?: boolean;
}

const suffix = (caseSensitive: boolean): string => (caseSensitive ? ':case' : '');

/**
 * Right where the whole answer is `expected`, or one of a list; blanks around and between words aside.
 *
 * @example
 * ```ts
 * await evaluateTiers({ client, cases, tiers, grade: exactGrader() });
 * ```
 */
export function exactGrader({ caseSensitive = false }: TextGraderOptions = {}): Grader {
  return makeGrader({ id: `exact${suffix(caseSensitive)}`, lacks: lacksTexts }, ({ text }, one) =>
    accepted(one).some(
      (right) => normalised(text, caseSensitive) === normalised(String(right), caseSensitive),
    ),
  );
}

/**
 * Right where the answer holds `expected`, or all of a list.
 *
 * @example
 * ```ts
 * const right = await containsGrader()(answer, { ...one, expected: ['30 days', 'receipt'] }, { tier: 'cheap' });
 * ```
 */
export function containsGrader({ caseSensitive = false }: TextGraderOptions = {}): Grader {
  return makeGrader({ id: `contains${suffix(caseSensitive)}`, lacks: lacksTexts }, ({ text }, one) =>
    accepted(one).every((part) =>
      normalised(text, caseSensitive).includes(normalised(String(part), caseSensitive)),
    ),
  );
}

/** Marks belong to their letters: vowels of Hindi and Thai are some. Chinese and Japanese have no blanks: each sign counts. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{Letter}\p{Mark}\p{Number}])+/gu;

const wordsOf = (text: string): readonly string[] => normalised(text).match(WORD) ?? [];

const lacksWords = (one: EvaluationCase): string | undefined =>
  lacksTexts(one) ??
  (accepted(one).every((text) => wordsOf(String(text)).length > 0)
    ? undefined
    : '"expected" must hold words: letters or digits');

function f1(given: readonly string[], right: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of right) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of given) {
    const count = left.get(word) ?? 0;
    if (count > 0) {
      common += 1;
      left.set(word, count - 1);
    }
  }
  return (2 * common) / (given.length + right.length);
}

/**
 * Grades by the words that answer and `expected` have in common: the harmonic mean of precision and recall (F1), and
 * of a list the best. In Chinese and Japanese the signs stand for words.
 *
 * @example
 * ```ts
 * const report = await evaluateTiers({ client, cases, tiers, grade: f1Grader() });
 * ```
 */
export function f1Grader(): Grader {
  return makeGrader({ id: 'f1', lacks: lacksWords }, ({ text }, one) =>
    Math.max(...accepted(one).map((right) => f1(wordsOf(text), wordsOf(String(right))))),
  );
}
