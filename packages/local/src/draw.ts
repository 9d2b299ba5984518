import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on the words alone: the same run after run, unrelated between words. */
export function draw(...words: readonly string[]): number {
  return createHash('sha256').update(words.join('\u0000')).digest().readUIntBE(0, 6) / 2 ** 48;
}
