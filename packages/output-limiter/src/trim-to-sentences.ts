import { relevance } from './relevance.js';
import { wordsOf } from './words-of.js';

/** What a sentence gains from those beside it. */
const NEIGHBOUR_WEIGHT = 0.3;
/** What the passage counts in the worth of its sentences: much, so that few sentences stand alone. */
const PASSAGE_WEIGHT = 4;

/** A passage and what it is worth, 0 to 1. */
export interface WeighedPassage {
  readonly text: string;
  readonly worth: number;
}

/** How passages are trimmed. */
export interface Trimming {
  readonly maxTokens: number;
  readonly query: readonly string[];
  readonly gap: string;
  readonly countTokens: (text: string) => number;
}

interface Sentence {
  readonly passage: number;
  readonly text: string;
  readonly words: readonly string[];
  stays: boolean;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/**
 * Keeps the sentences that are worth most, within a number of tokens.
 *
 * @returns what is left of each passage; empty where nothing is.
 */
export function trimToSentences(passages: readonly WeighedPassage[], trimming: Trimming): string[] {
  const { maxTokens, query, gap, countTokens } = trimming;
  const sentences = passages.flatMap(({ text }, passage) =>
    [...segmenter.segment(text)].map(
      ({ segment }): Sentence => ({ passage, text: segment, words: wordsOf(segment), stays: false }),
    ),
  );
  const byWorth = inOrderOfWorth(sentences, passages, query);
  let tokens = 0;
  for (const sentence of byWorth) {
    const more = countTokens(sentence.text);
    if (tokens + more > maxTokens) continue;
    sentence.stays = true;
    tokens += more;
  }
  // Counts of parts need not add up to the count of the whole, and gaps count too.
  const chosen = byWorth.filter(({ stays }) => stays);
  for (;;) {
    const texts = joined(sentences, passages.length, gap);
    const excess = texts.reduce((sum, text) => sum + (text === '' ? 0 : countTokens(text)), 0) - maxTokens;
    if (excess <= 0) return texts;
    for (let freed = 0; freed < excess; ) {
      const last = chosen.pop();
      if (last === undefined) break;
      last.stays = false;
      freed += Math.max(1, countTokens(last.text));
    }
  }
}

function inOrderOfWorth(
  sentences: readonly Sentence[],
  passages: readonly WeighedPassage[],
  query: readonly string[],
): Sentence[] {
  const found = relevance(
    sentences.map(({ words }) => words),
    query,
  );
  const beside = (index: number, passage: number): number =>
    sentences[index]?.passage === passage ? (found[index] ?? 0) : 0;
  const worth = sentences.map(
    ({ passage }, index) =>
      (found[index] ?? 0) +
      NEIGHBOUR_WEIGHT * (beside(index - 1, passage) + beside(index + 1, passage)) +
      PASSAGE_WEIGHT * (passages[passage]?.worth ?? 0),
  );
  return [...sentences.keys()]
    .sort((one, other) => (worth[other] ?? 0) - (worth[one] ?? 0))
    .map((index) => sentences[index] as Sentence);
}

/** What is left of each passage, with a gap where sentences are missing in its middle. */
function joined(sentences: readonly Sentence[], passages: number, gap: string): string[] {
  const texts = Array.from({ length: passages }, () => '');
  let misses = -1;
  for (const { passage, text, stays } of sentences) {
    const before = texts[passage] as string;
    if (!stays) misses = passage;
    else if (before === '' || misses !== passage) texts[passage] = before + text;
    else texts[passage] = before.trimEnd() + gap + text;
    if (stays) misses = -1;
  }
  return texts;
}
