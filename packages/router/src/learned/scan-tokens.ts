/** What a token is made of. */
export type TokenKind = typeof LETTERS | typeof DIGITS | typeof SIGN;

export const LETTERS = 2;
export const DIGITS = 3;
export const SIGN = 4;
const BLANK = 1;
const UNKNOWN = 0;

const LETTER = /^\p{L}$/u;
const DIGIT = /^\p{N}$/u;
const SPACE = /^\s$/u;

/** By code point, filled as they are met: asking an expression for each character takes too long. */
const kinds = new Uint8Array(0x11_0000);

function kindOfPoint(point: number): number {
  const character = String.fromCodePoint(point);
  if (LETTER.test(character)) return LETTERS;
  if (DIGIT.test(character)) return DIGITS;
  return SPACE.test(character) ? BLANK : SIGN;
}

function kindOf(point: number): number {
  const known = kinds[point]!;
  if (known !== UNKNOWN) return known;
  const kind = kindOfPoint(point);
  kinds[point] = kind;
  return kind;
}

/**
 * Finds the tokens of a text, from left to right: runs of letters, runs of digits, and single signs. Makes no strings of
 * them, which takes most of the time that a regular expression needs.
 */
export function scanTokens(text: string, found: (start: number, end: number, kind: TokenKind) => void): void {
  let [start, running] = [0, BLANK];
  for (let at = 0; at < text.length; ) {
    const point = text.codePointAt(at)!;
    const kind = kindOf(point);
    if (kind !== running || kind === SIGN) {
      if (running !== BLANK) found(start, at, running as TokenKind);
      [start, running] = [at, kind];
    }
    at += point > 0xffff ? 2 : 1;
  }
  if (running !== BLANK) found(start, text.length, running as TokenKind);
}
