/**
 * A run of this many characters is no word of any language, and no line of dashes. A power of two, as the tokens of equal
 * characters are: cut so, they are as many as before.
 */
const LONG_RUN = 1_024;

/** What a tokenizer takes as one word, however long it is. A mark belongs to the letters or signs before it. */
const KINDS = [/\s/u, /[\p{L}\p{M}]/u, /[^\s\p{L}\p{N}]/u] as const;

const isSecondHalf = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
};

/**
 * Cuts a text where letters, signs or blanks go on for very long: to encode such a word takes a time that grows with its
 * square. Any other text is one piece. Where is counted from the beginning of the run, so that what follows changes nothing
 * before it.
 */
export function cutLongRuns(text: string): readonly string[] {
  const pieces: string[] = [];
  let cutAt = 0;
  // Every long run stands at one of these places; the others are not looked at.
  for (let place = LONG_RUN - 1; place < text.length; place += LONG_RUN) {
    for (const kind of KINDS) {
      if (place < cutAt || !kind.test(text.charAt(place))) continue;
      let [start, end] = [place, place + 1];
      while (start > cutAt && kind.test(text.charAt(start - 1))) start -= 1;
      while (end < text.length && kind.test(text.charAt(end))) end += 1;
      for (let next = start + LONG_RUN; next < end; next += LONG_RUN) {
        const cut = isSecondHalf(text, next) ? next + 1 : next;
        pieces.push(text.slice(cutAt, cut));
        cutAt = cut;
      }
      place = Math.max(place, cutAt);
    }
  }
  return [...pieces, text.slice(cutAt)];
}
