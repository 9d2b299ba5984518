import { Buffer } from 'node:buffer';

/** For `JSON.stringify`: writes bytes as the service does in its files. */
export function base64(this: Readonly<Record<string, unknown>>, name: string, value: unknown): unknown {
  const plain = this[name];
  return plain instanceof Uint8Array ? Buffer.from(plain).toString('base64') : value;
}

/** Members of a Converse request or answer that are bytes, and base64 in a file (API reference). */
export const BLOBS: ReadonlySet<string> = new Set(['bytes', 'redactedContent']);
