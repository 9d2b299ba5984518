import { type Receipt, systemClock } from '@costkit/core';
import { type JsonlFiles, oneFile, rotatingFiles } from './jsonl-files.js';
import type { JsonlSinkOptions } from './jsonl-sink.js';
import { receiptToJson } from './receipt-json.js';
import type { Sink } from './sink.js';

const LINES_PER_WRITE = 500;

function filesFor(path: string, options: JsonlSinkOptions): JsonlFiles {
  const { rotate, permissions = 0o600, onWarning, clock = systemClock } = options;
  const onCut = (): void =>
    onWarning?.(
      `costkit meter: ${path} ended in the middle of a line. Receipts go on after it, on a new line.`,
    );
  const opening = { permissions, onCut };
  if (rotate === undefined) return oneFile(path, opening);
  const { maxBytes = 67_108_864, maxFiles = 400 } = rotate;
  return rotatingFiles(path, opening, { maxBytes, maxFiles, now: () => clock.now() });
}

/** What `jsonlSink` does, loaded by its first receipt: lines wait in a queue, and go to the file many at once. */
export function jsonlWriter(path: string, options: JsonlSinkOptions): Required<Omit<Sink, 'open'>> {
  const { maxWaiting = 10_000, onWarning } = options;
  const files = filesFor(path, options);
  const waiting: Receipt[] = [];
  let behind = false;
  let draining: Promise<void> | undefined;
  let dropped = 0;

  const drain = async (): Promise<void> => {
    // Receipts of the same moment go into one write.
    await new Promise((resolve) => setImmediate(resolve));
    while (behind || waiting.length > 0) {
      const file = await files.current();
      const receipts = file.behind ? [] : waiting.splice(0, LINES_PER_WRITE);
      behind = true;
      await file.append(receipts.map((receipt) => `${JSON.stringify(receiptToJson(receipt))}\n`).join(''));
      behind = false;
    }
    if (dropped > 0) {
      onWarning?.(
        `costkit meter: ${dropped} receipts are missing in ${path}, which could not be written for a while.`,
      );
      dropped = 0;
    }
  };

  const startDraining = (): Promise<void> => {
    draining ??= drain().finally(() => {
      draining = undefined;
    });
    return draining;
  };

  const flush = async (): Promise<void> => {
    while (draining !== undefined || waiting.length > 0 || behind) await startDraining();
    await files.sync();
  };

  return {
    name: path,
    write: (receipt) => {
      waiting.push(receipt);
      if (waiting.length > maxWaiting) {
        waiting.shift();
        dropped += 1;
      }
      // One report of a failure is enough: only the receipt that starts a write waits for its end.
      return draining === undefined ? startDraining() : undefined;
    },
    flush,
    close: async () => {
      try {
        await flush();
      } finally {
        await files.close();
      }
    },
  };
}
