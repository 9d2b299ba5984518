import { createHash } from 'node:crypto';

/** Twelve lower-case letters and digits, as in the service's ARNs; the same for the same text. */
export const createResourceId = (text: string): string =>
  BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)
    .toString(36)
    .slice(0, 12);
