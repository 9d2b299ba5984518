import type { RequestView } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';

/** A JSON object. */
export type Members = Readonly<Record<string, unknown>>;

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// Several levers edit one request, one after the other.
const bodies = new WeakMap<object, Members>();

/** The body of an InvokeModel request that a view could read: text or bytes of a JSON object. */
export function bodyOf({ input }: RequestView): Members {
  const known = bodies.get(input);
  if (known !== undefined) return known;
  const { body } = input as { readonly body?: unknown };
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body as Uint8Array);
  const parsed = JSON.parse(text) as Members;
  bodies.set(input, parsed);
  return parsed;
}

/** The request with another body. */
export function withBody(view: RequestView, body: Members): RequestView {
  const input = { ...view.input, body: JSON.stringify(body) };
  bodies.set(input, body);
  return viewRequest(view.operation, input);
}
