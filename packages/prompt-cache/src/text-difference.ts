/** What the first difference between two texts is. */
export type TextDifferenceKind =
  /** A date or a time. */
  | 'timestamp'
  /** A UUID, a hash, a long number, a token of letters and digits. */
  | 'identifier'
  /** Blanks and line ends only. */
  | 'whitespace'
  /** Anything else. */
  | 'varyingText';

/** How far around a difference its token is looked for. */
const REACH = 48;

const TIMESTAMPS: readonly RegExp[] = [
  /\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?/g,
  /\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?/g,
  /\d{1,2}[./]\d{1,2}[./]\d{2,4}/g,
  /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+(?:\d{1,2}\.?\s+)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)?[a-z]*/g,
  /(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+\d{1,2}(?:st|nd|rd|th)?(?:,?\s+\d{4})?/g,
  /\d{1,2}\.?\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?(?:\s+\d{4})?/g,
  // Seconds or milliseconds since the epoch, from 2001 to 2033.
  /\b1\d{9}(?:\d{3})?\b/g,
];

const IDENTIFIERS: readonly RegExp[] = [
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi,
  /\b[0-9a-f]{12,}\b/gi,
  /\b\d{5,}\b/g,
  // Letters and digits mixed, as in req_8f3kq2 or ORDER-7731.
  /\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{6,}\b/g,
];

/** Finds the first difference of two texts and says what it is. */
export function kindOfDifference(
  before: string,
  now: string,
): { readonly kind: TextDifferenceKind; readonly at: number } {
  let at = 0;
  while (at < before.length && at < now.length && before.charCodeAt(at) === now.charCodeAt(at)) at++;
  if (collapse(before) === collapse(now)) return { kind: 'whitespace', at };
  for (const [kind, patterns] of [
    ['timestamp', TIMESTAMPS],
    ['identifier', IDENTIFIERS],
  ] as const) {
    if (patterns.some((pattern) => covers(pattern, now, at) && covers(pattern, before, at)))
      return { kind, at };
  }
  return { kind: 'varyingText', at };
}

const collapse = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Whether a match of the pattern lies over a position. */
function covers(pattern: RegExp, text: string, at: number): boolean {
  const from = Math.max(0, at - REACH);
  for (const { index, 0: match } of text.slice(from, at + REACH).matchAll(pattern)) {
    if (from + index <= at && at < from + index + match.length) return true;
  }
  return false;
}
