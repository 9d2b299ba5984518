type Members = Readonly<Record<string, unknown>>;

/**
 * The usage that stands in an answer made of two: numbers added up, lists joined. The caller's own bookkeeping
 * reads it, and both calls were paid.
 */
export function addUsage(first: unknown, second: unknown): unknown {
  if (typeof first === 'number' && typeof second === 'number') return first + second;
  if (Array.isArray(first) && Array.isArray(second)) return [...first, ...second];
  if (!isMembers(first) || !isMembers(second)) return second ?? first;
  const names = new Set([...Object.keys(first), ...Object.keys(second)]);
  return Object.fromEntries([...names].map((name) => [name, addUsage(first[name], second[name])]));
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}
