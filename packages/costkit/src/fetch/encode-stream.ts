import { EventStreamCodec } from '@smithy/eventstream-codec';
import type { StreamEnd } from './stream-end.js';
import { toWireJson } from './wire-json.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const codec = new EventStreamCodec(
  (bytes) => decoder.decode(bytes as Uint8Array),
  (text) => encoder.encode(text),
);

const header = (value: string): { readonly type: 'string'; readonly value: string } => ({
  type: 'string',
  value,
});

function frame(kind: 'event' | 'exception', type: string, payload: object): Uint8Array {
  return codec.encode({
    headers: {
      ':message-type': header(kind),
      [kind === 'event' ? ':event-type' : ':exception-type']: header(type),
      ':content-type': header('application/json'),
    },
    body: encoder.encode(toWireJson(payload)),
  });
}

function eventFrame(event: object): Uint8Array {
  const [type = 'unknown', payload] = Object.entries(event)[0] ?? [];
  return frame('event', type, payload as object);
}

/** Members of an error that the SDK adds to what the service said. */
const OF_THE_SDK = /^(name|stack|\$.*)$/;

/** What the service said of an error, without what the SDK adds. */
export const saidOf = (error: Error): object => ({
  message: error.message,
  ...Object.fromEntries(Object.entries(error).filter(([name]) => !OF_THE_SDK.test(name))),
});

/**
 * The frame of an exception; `undefined` for an error that is none of the service's. It names the type of an error
 * in the middle of a stream in camel case.
 */
export function exceptionFrame(error: unknown): Uint8Array<ArrayBuffer> | undefined {
  const { name, $fault } = (error ?? {}) as Error & { $fault?: string };
  if ($fault === undefined) return undefined;
  const type = name.charAt(0).toLowerCase() + name.slice(1);
  return frame('exception', type, saidOf(error as Error)) as Uint8Array<ArrayBuffer>;
}

/** As the platform's `fetch` says it when a connection is lost; by the code SDKs know that another try may help. */
const brokenOff = (): TypeError =>
  new TypeError('terminated', {
    cause: Object.assign(new Error('The stream ended before its last event.'), { code: 'ECONNRESET' }),
  });

/**
 * Encodes the SDK's events as the service's event stream, one chunk of it for each event, when it is asked for.
 *
 * @param signal - the caller's; a stream of the SDK that is aborted may end as if it were whole.
 * @param end - a stream that ends before it is broken off.
 */
export function encodeStream(
  source: AsyncIterable<object>,
  signal?: AbortSignal | null,
  end?: StreamEnd,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const { done, value } = await iterator.next();
          signal?.throwIfAborted();
          if (done === true && end?.reached === false) throw brokenOff();
          if (done === true) return controller.close();
          end?.see(value);
          controller.enqueue(eventFrame(value) as Uint8Array<ArrayBuffer>);
        } catch (thrown) {
          const error: unknown = signal?.aborted === true ? signal.reason : thrown;
          const exception = exceptionFrame(error);
          if (exception === undefined) {
            controller.error(error);
            await iterator.return?.();
            return;
          }
          controller.enqueue(exception);
          controller.close();
        }
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
