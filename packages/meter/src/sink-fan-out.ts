import type { Receipt } from '@costkit/core';
import type { Sink, SinkFailure } from './sink.js';

/** Writes in progress that one sink may have before receipts pass it by. */
const MAX_PENDING = 10_000;

/** Hands receipts to all sinks, whatever any of them does. */
export interface SinkFanOut {
  /** Tells the sinks that want to know it of a call that begins; absent when none does. */
  readonly open?: (callId: string) => void;
  write(receipt: Receipt): void;
  /** Waits for all sinks, but no longer than `timeoutMs`. */
  flush(timeoutMs: number): Promise<void>;
  close(timeoutMs: number): Promise<void>;
}

/** Waits for work, but no longer than a time; a sink that hangs must not keep a process from ending. */
async function within(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, false);
  });
  try {
    return await Promise.race([work.then(() => true), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Without a listener a loss would stay unseen: Node's own warning, once for each sink. */
function warn({ sink, error }: SinkFailure): void {
  const what =
    error === undefined
      ? 'does not keep up'
      : `failed: ${error instanceof Error ? error.message : String(error)}`;
  process.emitWarning(
    `costkit meter: ${sink} ${what}. Receipts are missing there; pass "onError" to handle it.`,
    {
      code: 'COSTKIT_SINK',
    },
  );
}

export function createSinkFanOut(
  sinks: readonly Sink[],
  onError?: (failure: SinkFailure) => void,
): SinkFanOut {
  const lanes = sinks.map((sink, index) => ({
    sink,
    name: sink.name ?? `sink ${index + 1}`,
    pending: new Set<Promise<void>>(),
    failures: 0,
    keepsUp: true,
    warned: false,
  }));
  type Lane = (typeof lanes)[number];

  const report = (lane: Lane, error: unknown): void => {
    const failure = { sink: lane.name, error, failures: lane.failures };
    try {
      if (onError !== undefined) onError(failure);
      else if (!lane.warned) warn(failure);
    } catch {
      // A listener that fails has nobody left to tell.
    }
    lane.warned = true;
  };

  const failedIn =
    (lane: Lane) =>
    (error: unknown): void => {
      lane.failures += 1;
      report(lane, error);
    };

  const opening = lanes.filter(({ sink }) => sink.open !== undefined);
  const open = (callId: string): void => {
    for (const lane of opening) {
      try {
        lane.sink.open?.(callId);
      } catch (error) {
        failedIn(lane)(error);
      }
    }
  };

  const writeTo = (lane: Lane, receipt: Receipt): void => {
    if (lane.pending.size >= MAX_PENDING) {
      lane.failures += 1;
      if (lane.keepsUp) report(lane, undefined);
      lane.keepsUp = false;
      return;
    }
    lane.keepsUp = true;
    const failed = failedIn(lane);
    try {
      const written = lane.sink.write(receipt);
      if (written === undefined) return;
      const tracked = Promise.resolve(written)
        .catch(failed)
        .finally(() => lane.pending.delete(tracked));
      lane.pending.add(tracked);
    } catch (error) {
      failed(error);
    }
  };

  const finish = async (lane: Lane, timeoutMs: number, closing: boolean): Promise<void> => {
    const work = async (): Promise<void> => {
      await Promise.all(lane.pending);
      await lane.sink.flush?.();
      if (closing) await lane.sink.close?.();
    };
    try {
      const done = await within(timeoutMs, work());
      if (!done)
        report(lane, new Error(`costkit meter: ${lane.name} did not finish within ${timeoutMs} ms.`));
    } catch (error) {
      report(lane, error);
    }
  };

  const finishAll = async (timeoutMs: number, closing: boolean): Promise<void> => {
    await Promise.all(lanes.map((lane) => finish(lane, timeoutMs, closing)));
  };

  return {
    ...(opening.length === 0 ? {} : { open }),
    write: (receipt) => {
      for (const lane of lanes) writeTo(lane, receipt);
    },
    flush: (timeoutMs) => finishAll(timeoutMs, false),
    close: (timeoutMs) => finishAll(timeoutMs, true),
  };
}
