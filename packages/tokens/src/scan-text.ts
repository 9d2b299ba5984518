import { characterClasses } from './character-classes.js';
import { FEATURE, FEATURE_COUNT, WORD_LENGTHS } from './features.js';

const LOWER = 0;
const UPPER = 1;
const DIGIT = 2;
const SPACE = 3;
const NEWLINE = 4;
const PUNCTUATION = 5;
const OTHER = 6;

// One byte per ASCII code unit: the class decides which branch of the scanner takes over.
const ASCII_CLASS: Uint8Array = new Uint8Array(128).fill(PUNCTUATION);
ASCII_CLASS.fill(LOWER, 97, 123);
ASCII_CLASS.fill(UPPER, 65, 91);
ASCII_CLASS.fill(DIGIT, 48, 58);
for (const code of [9, 11, 12, 32]) ASCII_CLASS[code] = SPACE;
for (const code of [10, 13]) ASCII_CLASS[code] = NEWLINE;

const classOf = (code: number): number => (code < 128 ? (ASCII_CLASS[code] as number) : OTHER);

/**
 * Counts, in one pass over the UTF-16 code units, how often each feature of {@link FEATURE} occurs. The pass
 * follows the splitting rules that byte-pair tokenizers apply before merging (words with the sign before
 * them, digits by three, runs of punctuation, runs of blanks), because tokens never cross those borders.
 *
 * @internal
 */
export function scanText(text: string, counts: Float64Array): void {
  counts.fill(0);
  const length = text.length;
  const classes = characterClasses();
  let index = 0;
  // What stands directly before the current position: decides whether a word starts with a joined blank or sign.
  let joined: number = FEATURE.wordAfterOther;
  while (index < length) {
    const code = text.charCodeAt(index);
    const kind = classOf(code);
    const start = index;
    if (kind <= UPPER) {
      index++;
      let next = index < length ? classOf(text.charCodeAt(index)) : OTHER;
      if (kind === UPPER && next === UPPER) {
        do {
          index++;
          next = index < length ? classOf(text.charCodeAt(index)) : OTHER;
        } while (next === UPPER);
        const size = index - start;
        counts[FEATURE.capitals + Math.min(size, WORD_LENGTHS) - 1]! += 1;
        if (size > WORD_LENGTHS) counts[FEATURE.wordOverflow]! += size - WORD_LENGTHS;
      } else {
        while (next === LOWER) {
          index++;
          next = index < length ? classOf(text.charCodeAt(index)) : OTHER;
        }
        const size = index - start;
        counts[joined + Math.min(size, WORD_LENGTHS) - 1]! += 1;
        if (size > WORD_LENGTHS) counts[FEATURE.wordOverflow]! += size - WORD_LENGTHS;
      }
      joined = FEATURE.wordAfterOther;
    } else if (kind === SPACE) {
      index++;
      while (index < length && classOf(text.charCodeAt(index)) === SPACE) index++;
      const next = index < length ? classOf(text.charCodeAt(index)) : NEWLINE;
      if (next === NEWLINE) {
        // Trailing blanks merge with the line break that follows, or stand alone at the end.
        counts[FEATURE.trailingBlanks]! += 1;
      } else {
        if (index - start > 1) {
          counts[FEATURE.blankRun]! += 1;
          counts[FEATURE.blankRunLength]! += index - start - 1;
        }
        if (next === DIGIT) counts[FEATURE.blankBeforeDigit]! += 1;
      }
      joined = FEATURE.wordAfterBlank;
    } else if (kind === NEWLINE) {
      index++;
      while (index < length && classOf(text.charCodeAt(index)) === NEWLINE) index++;
      counts[FEATURE.lineBreaks]! += 1;
      counts[FEATURE.lineBreakLength]! += index - start - 1;
      joined = FEATURE.wordAfterOther;
    } else if (kind === DIGIT) {
      index++;
      while (index < length && classOf(text.charCodeAt(index)) === DIGIT) index++;
      counts[FEATURE.digitGroups]! += Math.ceil((index - start) / 3);
      joined = FEATURE.wordAfterOther;
    } else if (kind === PUNCTUATION) {
      index++;
      let changes = 0;
      let previous = code;
      while (index < length) {
        const following = text.charCodeAt(index);
        if (classOf(following) !== PUNCTUATION) break;
        if (following !== previous) changes++;
        previous = following;
        index++;
      }
      const size = index - start;
      const next = index < length ? classOf(text.charCodeAt(index)) : OTHER;
      if (size === 1) {
        // A single sign joins the word behind it: "(text" is one piece.
        if (next <= UPPER) {
          counts[FEATURE.signBeforeWord]! += 1;
          joined = FEATURE.wordAfterSign;
        } else {
          counts[FEATURE.sign]! += 1;
          joined = FEATURE.wordAfterOther;
        }
      } else {
        counts[FEATURE.signRun]! += 1;
        counts[FEATURE.signRunChanges]! += changes;
        counts[FEATURE.signRunRepeats]! += size - 1 - changes;
        joined = FEATURE.wordAfterOther;
      }
      if (next === NEWLINE) counts[FEATURE.signBeforeLineBreak]! += 1;
    } else {
      // A run of one script. Surrogate pairs count both halves, so the coefficient is per code unit.
      const script = classes[code] as number;
      index++;
      while (index < length) {
        const following = text.charCodeAt(index);
        if (following < 128 || classes[following] !== script) break;
        index++;
      }
      counts[FEATURE.scriptRuns + script]! += 1;
      counts[FEATURE.scriptUnits + script]! += index - start;
      joined = FEATURE.wordAfterOther;
    }
  }
}

/** A buffer of the right size for {@link scanText}. @internal */
export function createCounts(): Float64Array {
  return new Float64Array(FEATURE_COUNT);
}
