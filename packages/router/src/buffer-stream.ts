import type { CallOutput } from '@costkit/core';

type StreamOutput = { readonly stream?: unknown; readonly body?: unknown };

const isStream = (value: unknown): value is AsyncIterable<object> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** The events of a stream that was read to its end. */
export interface BufferedStream {
  readonly events: readonly object[];
  /** The output with a stream that hands on the very same events. */
  replay(): CallOutput;
}

/** Reads the stream of an output to its end. */
export async function bufferStream(answer: CallOutput): Promise<BufferedStream> {
  const { stream, body } = answer.output as StreamOutput;
  const member = isStream(stream) ? 'stream' : 'body';
  const source = isStream(stream) ? stream : body;
  const events: object[] = [];
  if (isStream(source)) for await (const event of source) events.push(event);
  const replayed: AsyncIterable<object> = {
    async *[Symbol.asyncIterator](): AsyncGenerator<object, void, undefined> {
      yield* events;
    },
  };
  return {
    events,
    replay: () => ({
      output: { ...answer.output, [member]: replayed },
      response: answer.response,
      view: undefined,
    }),
  };
}
