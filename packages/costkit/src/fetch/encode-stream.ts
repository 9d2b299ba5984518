import { EventStreamCodec } from '@smithy/eventstream-codec';
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

/** The service names the type of an error in the middle of a stream in camel case. */
function exceptionFrame(error: unknown): Uint8Array | undefined {
  const { name, message, $fault } = error as Error & { $fault?: string };
  if ($fault === undefined) return undefined;
  return frame('exception', name.charAt(0).toLowerCase() + name.slice(1), { message });
}

/**
 * Encodes the SDK's events as the service's event stream, one chunk of it for each event, when it is asked for.
 *
 * @param signal - the caller's; a stream of the SDK that is aborted may end as if it were whole.
 */
export function encodeStream(
  source: AsyncIterable<object>,
  signal?: AbortSignal | null,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const { done, value } = await iterator.next();
          signal?.throwIfAborted();
          if (done === true) controller.close();
          else controller.enqueue(eventFrame(value) as Uint8Array<ArrayBuffer>);
        } catch (error) {
          const exception = exceptionFrame(error);
          if (exception === undefined) {
            controller.error(error);
            await iterator.return?.();
            return;
          }
          controller.enqueue(exception as Uint8Array<ArrayBuffer>);
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
