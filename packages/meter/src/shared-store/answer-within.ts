/**
 * The answer, if it comes in time. Clients wait for a lost server for as long as they are configured to, which may be
 * for ever; a call must not.
 *
 * @param ask - asks; the signal ends a request that can be ended.
 */
export async function answerWithin<T>(
  timeoutMs: number,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastLook: ReturnType<typeof setImmediate> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const end = (): void => {
      reject(new Error(`no answer within ${timeoutMs} ms`));
      late.abort();
    };
    // Where the process was busy, the answer may be there, unread: it is read before this.
    timer = setTimeout(() => {
      lastLook = setImmediate(end);
    }, timeoutMs);
  });
  try {
    return await Promise.race([ask(late.signal), timeout]);
  } finally {
    clearTimeout(timer);
    clearImmediate(lastLook);
  }
}
