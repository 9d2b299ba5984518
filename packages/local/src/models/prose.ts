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
 * Prose of `tokens` tokens, or one or two fewer: sentences chosen by the seed words, the last one cut short where the
 * length is reached.
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
  let text = '';
  let left = tokens;
  for (let index = 0; left > 0; index += 1) {
    const sentence = SENTENCES[(start + index * stride) % SENTENCES.length] ?? SENTENCES[0];
    // Counted with its leading blank, as it stands in the text, so that the sum is the count of the whole.
    const piece = longestFit(text === '' ? sentence : ` ${sentence}`, left, countTokens);
    if (piece === '') break;
    text += piece;
    left -= countTokens(piece);
  }
  // One token is too short for a word and its full stop.
  return text === '' ? 'Yes' : text;
}

/** The sentence, or as many of its words as fit, with a full stop; nothing when not even one does. */
function longestFit(sentence: string, tokens: number, countTokens: (text: string) => number): string {
  let piece = sentence;
  while (piece !== '' && countTokens(piece) > tokens) {
    const lastBlank = piece.lastIndexOf(' ');
    piece = lastBlank <= 0 ? '' : `${piece.slice(0, lastBlank).replace(/,$/, '')}.`;
  }
  return piece;
}
