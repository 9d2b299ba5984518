import type { ReadPart } from './prompt-parts.js';
import { relevance } from './relevance.js';
import { wordsOf } from './words-of.js';

/** Questions for each example, before anything is said of examples. */
const QUESTIONS_PER_EXAMPLE = 3;

/**
 * Examples that no question is like: each question is most like one of them (BM25 over their words), and these are never
 * that one. What an example does for the form of answers is not seen by this.
 *
 * @param questions - the texts of last user turns
 */
export function unusedExamples(parts: readonly ReadPart[], questions: readonly string[]): ReadPart[] {
  const examples = parts.filter(({ kind }) => kind === 'example');
  if (examples.length < 2) return [];
  const words = examples.map(({ text }) => wordsOf(text));
  const used = new Set<number>();
  let compared = 0;
  for (const question of questions) {
    const shares = relevance(words, wordsOf(question));
    const best = shares.indexOf(1);
    if (best < 0) continue;
    compared += 1;
    used.add(best);
  }
  return compared < QUESTIONS_PER_EXAMPLE * examples.length
    ? []
    : examples.filter((_, index) => !used.has(index));
}
