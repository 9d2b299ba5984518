import type { CallOutput } from '@costkit/core';

type StreamOutput = { readonly stream?: unknown; readonly body?: unknown };

const isStream = (value: unknown): value is AsyncIterable<object> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** The events of a stream that was read so far. */
export interface BufferedStream {
  readonly events: readonly object[];
  /** The stream had no more to say. */
  readonly ended: boolean;
  /** Closes the connection, where there was more to come. */
  close(): Promise<void>;
  /** The output with a stream that hands on the very same events, and then what comes. */
  replay(): CallOutput;
}

/**
 * Reads the stream of an output to its end, or until what was read is enough.
 *
 * @param isEnough - told of every event once, in order.
 */
export async function bufferStream(
  answer: CallOutput,
  isEnough: (event: object) => boolean = () => false,
): Promise<BufferedStream> {
  const { stream, body } = answer.output as StreamOutput;
  const member = isStream(stream) ? 'stream' : 'body';
  const source = isStream(stream) ? stream : body;
  const iterator = isStream(source) ? source[Symbol.asyncIterator]() : undefined;
  const events: object[] = [];
  let ended = iterator === undefined;
  try {
    for (let enough = false; !ended && !enough; ) {
      const step = await iterator?.next();
      if (step === undefined || step.done === true) {
        ended = true;
      } else {
        events.push(step.value);
        enough = isEnough(step.value);
      }
    }
  } catch (error) {
    // What cannot be read is not paid on.
    await iterator?.return?.();
    throw error;
  }
  const rest: AsyncIterable<object> = { [Symbol.asyncIterator]: () => iterator as AsyncIterator<object> };
  const replayed: AsyncIterable<object> = {
    async *[Symbol.asyncIterator](): AsyncGenerator<object, void, undefined> {
      let handedOn = 0;
      try {
        for (const event of events) {
          yield event;
          handedOn += 1;
        }
      } finally {
        // Left before the rest was begun: the connection is closed all the same.
        if (!ended && handedOn < events.length) await iterator?.return?.();
      }
      if (!ended) yield* rest;
    },
  };
  return {
    events,
    ended,
    close: async () => {
      if (!ended) await iterator?.return?.();
    },
    replay: () => ({
      output: { ...answer.output, [member]: replayed },
      response: answer.response,
      view: undefined,
    }),
  };
}
