import { hashAround } from './hash-around.js';

/** How much a place wants to be a boundary, by what begins there. A heading of level 1 wants it most. */
const STRENGTH = {
  heading: (level: number): number => 12 - level,
  paragraph: 5,
  item: 4,
  lineOfSentence: 3,
  sentence: 2,
  line: 1,
  word: 0,
  /** Behind a heading, and inside a code fence: kept together as long as it can be. */
  glued: -1,
} as const;

/** The places at which a document may be cut, and how much each wants to be. */
export interface DocumentUnits {
  /** Offsets of the units: the first is 0, and behind the last stands the length of the text. */
  readonly offsets: readonly number[];
  /** Of the place before unit `i`; the first has none. Higher cuts first. */
  readonly priorities: readonly number[];
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}(#{1,6}|={1,6})[ \t]\S/;
const ITEM = /^\s*(?:[-*+•|]|\d{1,3}[.)])\s/;
const SENTENCE_END = /[.!?…。！？]["'’”)\]」』]*\s*$/;
/** Behind the end of a sentence: the spaces after it, which scripts without spaces do not have. */
const SENTENCE_BREAK = /[.!?…]["'’”)\]]*\s+(?=\S)|[。！？]["'」』）]*\s*(?=\S)/g;
/** Looks at each blank once, also where nothing follows a long row of them. */
const WORD_BREAK = /(?<=\s)(?=\S)/g;

/** A hash adds less than the step between two strengths. */
const priorityOf = (strength: number, text: string, offset: number): number =>
  strength + hashAround(text, offset);

/**
 * Reads the structure of a text: headings, paragraphs, list items, code fences, sentences; words only inside what is
 * longer than a piece may be, and characters inside longer words. What wants to be cut at a place, and how much, depends
 * on the text close to it alone.
 *
 * @param isTooLarge - whether a part of the text is more than a piece may be, so that it must be opened for cuts inside.
 */
export function documentUnits(text: string, isTooLarge: IsTooLarge): DocumentUnits {
  const offsets: number[] = [];
  const priorities: number[] = [];
  const add = (offset: number, strength: number): void => {
    offsets.push(offset);
    priorities.push(priorityOf(strength, text, offset));
  };
  let fence: string | undefined;
  let strength: number = STRENGTH.heading(0);
  let isBlankBefore = true;
  for (const [start, end] of linesOf(text)) {
    const line = text.slice(start, end);
    if (line.trim() === '') {
      isBlankBefore = true;
      if (offsets.length === 0) add(start, strength);
      continue;
    }
    const mark = FENCE.exec(line)?.[1];
    const level = fence === undefined ? HEADING.exec(line)?.[1]?.length : undefined;
    if (offsets.length > 0) {
      if (fence !== undefined) strength = STRENGTH.glued;
      else if (level !== undefined) strength = STRENGTH.heading(level);
      else if (strength !== STRENGTH.glued) strength = strengthOf(line, isBlankBefore, text, start);
      // What precedes the first word of a document belongs to its first unit.
      if (offsets.length > 1 || text.slice(0, start).trim() !== '') add(start, strength);
    } else add(start, strength);
    addInside(text, start, end, isTooLarge, fence === undefined && level === undefined, add);
    if (mark !== undefined) {
      if (fence === undefined) fence = mark;
      else if (mark.startsWith(fence)) fence = undefined;
    }
    strength = level === undefined ? STRENGTH.line : STRENGTH.glued;
    isBlankBefore = false;
  }
  if (offsets.length === 0) add(0, STRENGTH.paragraph);
  offsets.push(text.length);
  return { offsets, priorities };
}

function strengthOf(line: string, isBlankBefore: boolean, text: string, start: number): number {
  if (isBlankBefore) return STRENGTH.paragraph;
  if (ITEM.test(line)) return STRENGTH.item;
  return SENTENCE_END.test(text.slice(Math.max(0, start - 8), start))
    ? STRENGTH.lineOfSentence
    : STRENGTH.line;
}

function* linesOf(text: string): Generator<[start: number, end: number]> {
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline + 1;
    yield [start, end];
    start = end;
  }
}

type Add = (offset: number, strength: number) => void;
type IsTooLarge = (start: number, end: number) => boolean;

/** Sentences of a line, and words of long sentences. */
function addInside(
  text: string,
  start: number,
  end: number,
  isTooLarge: IsTooLarge,
  isProse: boolean,
  add: Add,
): void {
  const sentences = isProse ? breaksOf(text.slice(start, end), SENTENCE_BREAK) : [];
  let from = 0;
  for (const to of [...sentences, end - start]) {
    if (from > 0) add(start + from, STRENGTH.sentence);
    if (isTooLarge(start + from, start + to)) addWords(text, start + from, start + to, isTooLarge, add);
    from = to;
  }
}

function addWords(text: string, start: number, end: number, isTooLarge: IsTooLarge, add: Add): void {
  let from = 0;
  for (const to of [...breaksOf(text.slice(start, end), WORD_BREAK), end - start]) {
    if (from > 0) add(start + from, STRENGTH.word);
    if (isTooLarge(start + from, start + to)) addCharacters(text, start + from, start + to, add);
    from = to;
  }
}

/** A word that is longer than a piece may be, as of a script without spaces. */
function addCharacters(text: string, start: number, end: number, add: Add): void {
  for (let offset = start + 1; offset < end; offset += 1) {
    const unit = text.charCodeAt(offset);
    const isSecondHalf = unit >= 0xdc00 && unit <= 0xdfff;
    if (!isSecondHalf) add(offset, STRENGTH.glued);
  }
}

function breaksOf(text: string, pattern: RegExp): number[] {
  return Array.from(text.matchAll(pattern), (match) => match.index + match[0].length);
}
