import { draw } from '../draw.js';

/**
 * Sentences without facts, digits or names: filler gives an answer its length and must never hold the answer to
 * a question by accident.
 */
const SENTENCES = [
  'There are several things to keep in mind before settling on a conclusion here.',
  'The usual approach is to look at the situation from more than one side.',
  'It also helps to separate what is known from what is merely likely.',
  'In practice the details depend on the setting and on what came before.',
  'A careful reading suggests that the common explanation holds up well.',
  'That said, there are exceptions, and they are worth mentioning in passing.',
  'Looking at the background makes the reasoning behind this easier to follow.',
  'People often ask about this, and the same points tend to come up each time.',
  'The main idea is simple, although the wording around it can be confusing.',
  'If anything about the circumstances changes, it is sensible to check again.',
  'Taken together, these considerations point in the same direction.',
  'For completeness, it is worth adding a little context about how this works.',
  'None of this changes the outcome, but it explains why things are the way they are.',
  'As a rule of thumb, start with the simplest option and adjust from there.',
  'It would be reasonable to double check the relevant settings afterwards.',
  'The support team can look into the particulars whenever that would be useful.',
] as const;

/**
 * Prose of about `tokens` tokens: sentences chosen by the seed words, cut at a word so that the length is met
 * within a token or two.
 */
export function prose(
  tokens: number,
  countTokens: (text: string) => number,
  ...seed: readonly string[]
): string {
  if (tokens <= 0) return '';
  const start = Math.floor(draw('prose', ...seed) * SENTENCES.length);
  // A stride coprime to the number of sentences visits all of them before any comes again.
  const stride = 2 * Math.floor(draw('stride', ...seed) * (SENTENCES.length / 2)) + 1;
  const sentences: string[] = [];
  let spent = 0;
  for (let index = 0; spent < tokens; index += 1) {
    const sentence = SENTENCES[(start + index * stride) % SENTENCES.length] ?? SENTENCES[0];
    // Counted with its leading blank, as it stands in the text, so that the sum is the count of the whole.
    spent += countTokens(sentences.length === 0 ? sentence : ` ${sentence}`);
    sentences.push(sentence);
  }
  return trimWords(sentences.join(' '), spent - tokens);
}

/** Every word of the filler is about one token; dropping that many from the end meets the length. */
function trimWords(text: string, surplusTokens: number): string {
  if (surplusTokens <= 0) return text;
  const words = text.split(' ');
  const kept = words.slice(0, Math.max(1, words.length - surplusTokens)).join(' ');
  return /[.]$/.test(kept) ? kept : `${kept.replace(/,$/, '')}.`;
}
