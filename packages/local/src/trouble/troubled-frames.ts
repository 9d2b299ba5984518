import type { LocalClock } from '../contract.js';
import { BedrockFault } from '../wire/bedrock-fault.js';
import { ConnectionDrop } from '../wire/connection-drop.js';
import { exceptionFrame } from '../wire/event-stream.js';
import type { TroubleAction } from './trouble.js';

/** Trouble that comes before a call is answered. @throws what the call fails with */
export async function meetTrouble(
  action: TroubleAction | undefined,
  clock: LocalClock,
  signal: AbortSignal,
  streams: boolean,
): Promise<void> {
  switch (action?.type) {
    case 'error':
      throw new BedrockFault(action.code, action.message ?? 'Trouble on request.', {
        ...(action.status === undefined ? {} : { status: action.status }),
        ...(action.headers === undefined ? {} : { headers: action.headers }),
      });
    case 'throttle':
      throw new BedrockFault('ThrottlingException', 'Too many requests, please wait before trying again.', {
        headers:
          action.retryAfterSeconds === undefined ? {} : { 'retry-after': String(action.retryAfterSeconds) },
      });
    case 'slow':
      await clock.sleep(action.ms, signal);
      return;
    case 'hang':
      await gone(signal);
      throw new ConnectionDrop('connection');
    case 'drop':
      if (!streams) throw new ConnectionDrop(action.how ?? 'connection');
      return;
    default:
      return;
  }
}

/** Passes frames on until trouble strikes. */
export async function* troubledFrames(
  frames: AsyncIterable<Uint8Array>,
  action: TroubleAction | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const frame of frames) {
    if (action !== undefined && 'afterFrames' in action && passed === (action.afterFrames ?? 0)) {
      yield* strike(action, frame, signal);
      return;
    }
    yield frame;
    passed += 1;
  }
}

async function* strike(
  action: Extract<TroubleAction, { readonly afterFrames?: number }>,
  frame: Uint8Array,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  switch (action.type) {
    case 'stall':
      await gone(signal);
      return;
    case 'drop':
      // What was written has to reach the client before the connection goes.
      await new Promise((resolve) => setImmediate(resolve));
      throw new ConnectionDrop(action.how ?? 'connection');
    case 'truncate':
      yield frame.subarray(0, Math.floor(frame.length / 2));
      return;
    case 'exception':
      yield exceptionFrame(
        action.name ?? 'modelStreamErrorException',
        action.message ?? 'Trouble on request.',
      );
      return;
  }
}

function gone(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
