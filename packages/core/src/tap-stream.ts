/** Is told what passes through a stream. What a watcher throws is dropped: watching never breaks a stream. */
export interface StreamWatcher<T> {
  /** Told of a chunk just before the consumer gets it. */
  onChunk(chunk: T): void;
  /**
   * Told once, when the stream has ended, failed or been left.
   *
   * @param outcome - `finished`: the source had no more to say; `error`: what the source threw.
   */
  onEnd(outcome: StreamOutcome): void;
}

/** How a watched stream ended. */
export interface StreamOutcome {
  /** The source had no more to say. Over HTTP/2 a lost connection looks the same. */
  readonly finished: boolean;
  /** What the source threw. */
  readonly error?: unknown;
}

const started = new WeakSet<object>();

/** Whether somebody has begun to read a tapped stream. @internal */
export function isStarted(stream: object): boolean {
  return started.has(stream);
}

function quietly(notify: () => void): void {
  try {
    notify();
  } catch {
    // Observing code can never fail a call.
  }
}

/**
 * Hands a stream on chunk by chunk, by reference and undelayed, and tells a watcher what passed.
 *
 * When the consumer leaves early, even before the first chunk, `stop` is called: the SDK's own iterator never closes
 * the connection (a `break` after 3 of 23 events let the server write all 23), so `stop` must.
 *
 * @param source - the stream; it is read once.
 * @param watcher - told of every chunk before the consumer gets it, and of the end.
 * @param stop - closes the source's connection.
 *
 * @example
 * ```ts
 * const tapped = tapStream(output.stream, { onChunk: count, onEnd: report }, () => response.body.destroy());
 * ```
 */
export function tapStream<T>(
  source: AsyncIterable<T>,
  watcher: StreamWatcher<T>,
  stop: () => void,
): AsyncIterable<T> {
  let told = false;
  const end = (outcome: StreamOutcome): void => {
    if (told) return;
    told = true;
    quietly(() => watcher.onEnd(outcome));
  };
  const tapped: AsyncIterable<T> = {
    [Symbol.asyncIterator](): AsyncIterableIterator<T> {
      started.add(tapped);
      return tapIterator(source[Symbol.asyncIterator](), watcher, end, stop);
    },
  };
  return tapped;
}

// By hand and not as a generator: a generator that is left before its first chunk runs none of its code.
function tapIterator<T>(
  inner: AsyncIterator<T>,
  watcher: StreamWatcher<T>,
  end: (outcome: StreamOutcome) => void,
  stop: () => void,
): AsyncIterableIterator<T> {
  let over = false;
  let waiting = false;
  const leave = (outcome: StreamOutcome): void => {
    if (over) return;
    over = true;
    if (!outcome.finished && outcome.error === undefined) quietly(stop);
    end(outcome);
  };
  const isOver = (): boolean => over;
  return {
    async next(): Promise<IteratorResult<T>> {
      if (over) return { done: true, value: undefined };
      let step: IteratorResult<T>;
      waiting = true;
      try {
        step = await inner.next();
      } catch (error) {
        if (isOver()) return { done: true, value: undefined };
        leave({ finished: false, error });
        throw error;
      } finally {
        waiting = false;
      }
      // Left while the chunk was on its way: nobody waits for it any more.
      if (isOver()) return { done: true, value: undefined };
      if (step.done === true) leave({ finished: true });
      else quietly(() => watcher.onChunk(step.value));
      return step;
    },
    async return(): Promise<IteratorResult<T>> {
      const left = !over;
      leave({ finished: false });
      if (left) {
        // The connection is closed by now; what the source says about that concerns nobody.
        const closed = inner.return?.().catch(() => undefined);
        // A generator that still waits for a chunk would answer only once that has come.
        if (!waiting) await closed;
      }
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator](): AsyncIterableIterator<T> {
      return this;
    },
  };
}
