/**
 * The same text for what means the same: a prompt cache compares bytes.
 * @module
 */

/** Line ends as `\n`, no blanks at the end of lines, nothing empty around the text, composed characters. */
export function canonicalText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+$/gm, '')
    .trim();
}

/** The same JSON value with the keys of every object in order; lists keep theirs. */
export function canonicalJson<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(canonicalJson) as Value;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, canonicalJson(inner)])) as Value;
}
