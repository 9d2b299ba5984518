import { createHash } from 'node:crypto';

/** A short fingerprint of anything that JSON can hold; bytes count by their content. */
export function digestOf(value: unknown): string {
  const text = JSON.stringify(value, (_, entry: unknown) =>
    entry instanceof Uint8Array ? { bytes: Buffer.from(entry).toString('base64') } : entry,
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
