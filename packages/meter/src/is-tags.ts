import { isObject } from '@costkit/core';

/**
 * Accepts tags. Values of calls are texts, so a number or `undefined` would never match: a budget that watches
 * nothing, and nobody would know.
 */
export function isTags(value: unknown): string | undefined {
  return (
    isObject(value) ??
    (Object.values(value as object).every((tag) => typeof tag === 'string')
      ? undefined
      : 'must have texts as values')
  );
}
