import type { OptionCheck } from '@costkit/core';

/** Accepts objects with the given methods: what lacks one would fail with the first call, not at construction. */
export function hasMethods(...names: readonly string[]): OptionCheck {
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof (value as Readonly<Record<string, unknown>>)[name] === 'function')
      ? undefined
      : `must have the methods ${names.join(', ')}`;
}
