const leaving = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `leave` once the signal aborts. Thousands of calls may wait on one signal, and Node warns of more than ten listeners
 * on it: they share one.
 *
 * @returns what takes it back.
 */
export function onAbort(signal: AbortSignal, leave: () => void): () => void {
  const waiting = leaving.get(signal) ?? new Set();
  const leaveAll = (): void => {
    // One that another takes back meanwhile is not called.
    for (const one of waiting) one();
  };
  if (!leaving.has(signal)) {
    leaving.set(signal, waiting);
    signal.addEventListener('abort', leaveAll, { once: true });
  }
  waiting.add(leave);
  return () => {
    waiting.delete(leave);
  };
}
