const isAsyncIterable = (value: unknown): value is AsyncIterable<object> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** The event stream of an SDK output: `stream` of ConverseStream, `body` of InvokeModelWithResponseStream. */
export function streamOf(output: object): AsyncIterable<object> | undefined {
  const { stream, body } = output as { stream?: unknown; body?: unknown };
  if (isAsyncIterable(stream)) return stream;
  // The body of InvokeModel is a byte array, which is iterable but not asynchronously.
  return isAsyncIterable(body) ? body : undefined;
}

/** The output with another stream in its place. */
export function withStream(output: object, stream: AsyncIterable<object>): object {
  return isAsyncIterable((output as { stream?: unknown }).stream)
    ? { ...output, stream }
    : { ...output, body: stream };
}
