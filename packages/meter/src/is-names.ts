/** Accepts lists of texts that are not empty. */
export function isNames(value: unknown): string | undefined {
  return Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '')
    ? undefined
    : 'must be a list of names';
}
