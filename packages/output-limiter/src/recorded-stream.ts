/** Chunks of a stream that several readers get, each from the first one on. */
export interface RecordedStream<T> {
  /** Hands copies of the chunks on as they come; whoever leaves early ends the recording, and the source with it. */
  readonly stream: AsyncIterable<T>;
  /** Reads the source to its end, whether anybody else reads it or not. `undefined`: it broke off, or was left. */
  whole(): Promise<readonly T[] | undefined>;
}

/**
 * Records a stream while it is read. Nothing is read ahead of the reader, unless somebody waits for the whole.
 *
 * @param ended - told once, with all chunks where the source came to its end.
 */
export function recordStream<T>(
  source: AsyncIterable<T>,
  ended: (chunks: readonly T[] | undefined) => void,
): RecordedStream<T> {
  const chunks: T[] = [];
  const iterator = source[Symbol.asyncIterator]();
  let over: { readonly error?: unknown; readonly whole: boolean } | undefined;
  let pulling: Promise<void> | undefined;

  const end = (outcome: NonNullable<typeof over>): void => {
    if (over !== undefined) return;
    over = outcome;
    ended(outcome.whole ? chunks : undefined);
  };
  /** One more chunk, for all who wait for it. */
  const pull = (): Promise<void> => {
    pulling ??= iterator
      .next()
      .then(
        ({ done, value }) => {
          if (done === true) end({ whole: true });
          else chunks.push(value);
        },
        (error: unknown) => end({ whole: false, error }),
      )
      .finally(() => {
        pulling = undefined;
      });
    return pulling;
  };

  const stream: AsyncIterable<T> = {
    [Symbol.asyncIterator]() {
      let next = 0;
      const reader: AsyncIterableIterator<T> = {
        async next() {
          while (next >= chunks.length && over === undefined) await pull();
          if (next < chunks.length) {
            next += 1;
            return { done: false, value: structuredClone(chunks[next - 1] as T) };
          }
          if (over !== undefined && 'error' in over) throw over.error;
          return { done: true, value: undefined };
        },
        async return() {
          const left = over === undefined;
          end({ whole: false });
          if (left) await iterator.return?.();
          return { done: true, value: undefined };
        },
        [Symbol.asyncIterator]: () => reader,
      };
      return reader;
    },
  };
  return {
    stream,
    whole: async () => {
      while (over === undefined) await pull();
      return over.whole ? chunks : undefined;
    },
  };
}

/** The same chunks once more, each a copy. */
export async function* replayed<T>(chunks: readonly T[]): AsyncGenerator<T> {
  for (const chunk of chunks) yield structuredClone(chunk);
}
