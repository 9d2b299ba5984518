import type { Body } from './dialects/dialect-adapter.js';

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Parses a body that is text or bytes; `undefined` when it is something else or no JSON object. */
export function readBody(body: unknown): Body | undefined {
  const text =
    typeof body === 'string'
      ? body
      : body instanceof Uint8Array
        ? decoder.decode(body)
        : body instanceof ArrayBuffer
          ? decoder.decode(new Uint8Array(body))
          : undefined;
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : undefined;
  } catch {
    return undefined;
  }
}

/** The bytes of a body. */
export function writeBody(body: Body): Uint8Array {
  return encoder.encode(JSON.stringify(body));
}
