import { Buffer } from 'node:buffer';

/**
 * UTF-8 bytes of a text's characters beyond ASCII. Tokenizers fall back to bytes for what they have not learnt, so
 * no text has more tokens for these characters; an estimate made for ordinary text may lie far below (half, for
 * Hangul in an order that no language has).
 */
export function nonAsciiBytes(text: string): number {
  return Buffer.byteLength(text) === text.length ? 0 : Buffer.byteLength(text.replace(/[\t\n\r -~]+/g, ''));
}
