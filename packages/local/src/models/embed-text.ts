import { createHash } from 'node:crypto';
import { normalizeText } from './question-finder.js';

const WORD = /[\p{L}\p{N}]+/gu;

/**
 * A deterministic vector of unit length: every word adds to a few dimensions that its hash chooses. Texts that share
 * words lie close together, so that retrieval over these vectors behaves like a plain word-overlap search.
 */
export function embedText(text: string, dimensions: number): number[] {
  const vector = new Float64Array(dimensions);
  const words = normalizeText(text).match(WORD) ?? [text];
  for (const word of words) addWord(vector, word);
  const length = Math.hypot(...vector) || 1;
  // Seven digits, which is what a 32-bit float holds.
  return Array.from(vector, (value) => Number((value / length).toPrecision(7)));
}

function addWord(vector: Float64Array, word: string): void {
  const digest = createHash('sha256').update(word).digest();
  for (let at = 0; at < 16; at += 4) {
    const index = digest.readUInt32BE(at) % vector.length;
    const sign = ((digest[16 + at / 4] ?? 0) & 1) === 0 ? 1 : -1;
    vector[index] = (vector[index] ?? 0) + sign;
  }
}
