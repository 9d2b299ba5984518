import { createHash } from 'node:crypto';

/** A hash of texts in order, 128 bits in hexadecimal digits: two that differ are never taken for one another. */
export function contentHash(...texts: readonly string[]): string {
  const hash = createHash('sha256');
  // The lengths keep ("ab", "c") and ("a", "bc") apart.
  for (const text of texts) hash.update(`${text.length}:`).update(text);
  return hash.digest('hex').slice(0, 32);
}
