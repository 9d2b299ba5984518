/** Is told what passes through a stream. */
export interface StreamWatcher<T> {
  onChunk(chunk: T): void;
  /** Told once, when the stream has ended, failed or been left. `error` is what the source threw. */
  onEnd(outcome: { readonly finished: boolean; readonly error?: unknown }): void;
}

/**
 * Hands a stream on chunk by chunk, by reference and undelayed, and tells a watcher what passed.
 *
 * When the consumer leaves early the source is told to stop: the SDK's own iterator never closes the
 * connection (a `break` after 3 of 23 events let the server write all 23), so `stop` must.
 */
export function tapStream<T>(
  source: AsyncIterable<T>,
  watcher: StreamWatcher<T>,
  stop: () => void,
): AsyncIterable<T> {
  return {
    async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
      let finished = false;
      let failure: { readonly error: unknown } | undefined;
      try {
        for await (const chunk of source) {
          watcher.onChunk(chunk);
          yield chunk;
        }
        finished = true;
      } catch (error) {
        failure = { error };
        throw error;
      } finally {
        if (!finished && failure === undefined) stop();
        watcher.onEnd({ finished, ...failure });
      }
    },
  };
}
