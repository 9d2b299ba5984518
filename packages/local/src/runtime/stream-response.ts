import type { HttpResponse } from '../contract.js';
import type { Inference } from '../engine/open-inference.js';
import type { AnswerEvent } from '../models/play-answer.js';
import { troubledFrames } from '../trouble/troubled-frames.js';
import { EVENT_STREAM_CONTENT_TYPE, exceptionFrame } from '../wire/event-stream.js';
import type { RuntimeCall } from './runtime-call.js';
import type { RuntimeParts } from './runtime-handler.js';

/** How an operation writes its stream. */
export interface FrameWriter {
  start(): readonly Uint8Array[];
  event(event: AnswerEvent): readonly Uint8Array[];
  /** The last frames, once the answer is whole. */
  end(): readonly Uint8Array[];
}

/**
 * Streams an inference: frames go out as events come, the request is billed when the stream ends, however it ends.
 * The first event is awaited before the response begins, so that a call that fails at once gets a plain error.
 */
export async function streamResponse(
  inference: Inference,
  writer: FrameWriter,
  call: RuntimeCall,
  parts: RuntimeParts,
  headers: Readonly<Record<string, string>>,
  settled: (complete: boolean) => void,
): Promise<HttpResponse> {
  const events = inference.events();
  const first = await events.next();
  const { record, http } = call;

  async function* frames(): AsyncGenerator<Uint8Array> {
    yield* writer.start();
    try {
      for (let step = first; step.done !== true; step = await events.next()) yield* writer.event(step.value);
    } catch {
      yield exceptionFrame('modelStreamErrorException', 'The model failed in the middle of its answer.');
      return;
    }
    yield* writer.end();
    record.outcome = 'complete';
  }

  async function* body(): AsyncGenerator<Uint8Array> {
    const source = frames();
    try {
      for await (const frame of troubledFrames(source, call.trouble, http.signal)) {
        record.framesWritten += 1;
        yield frame;
        // Lets the connection tell that the client has gone before the next frame is made.
        if (parts.frameIntervalMs > 0) await parts.clock.sleep(parts.frameIntervalMs, http.signal);
        else await new Promise((resolve) => setImmediate(resolve));
        if (http.signal.aborted) return;
      }
    } finally {
      await source.return(undefined);
      await events.return(undefined);
      const complete = record.outcome === 'complete';
      if (!complete) record.outcome = http.signal.aborted ? 'clientGone' : 'broken';
      settled(complete);
    }
  }

  record.outcome = 'streaming';
  return { status: 200, headers: { 'content-type': EVENT_STREAM_CONTENT_TYPE, ...headers }, body: body() };
}
