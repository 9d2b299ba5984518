import {
  checkOptions,
  InvalidOptionError,
  isFunction,
  isPositiveInteger,
  isText,
  type Receipt,
} from '@costkit/core';
import type { JsonlFile } from './jsonl-file.js';
import { receiptToJson } from './receipt-json.js';
import type { Sink } from './sink.js';

/** What {@link jsonlSink} takes. */
export interface JsonlSinkOptions {
  /**
   * Receipts that wait in memory while the file cannot be written; beyond that the oldest is dropped, and
   * `onWarning` says so.
   *
   * @defaultValue 10_000
   */
  readonly maxWaiting?: number;
  /** Permissions of a file that is created. @defaultValue `0o600`: tags may name customers */
  readonly permissions?: number;
  /** Told about a file that was cut mid-line and about dropped receipts. */
  readonly onWarning?: (message: string) => void;
}

const LINES_PER_WRITE = 500;

/**
 * Appends one line of JSON per receipt ({@link receiptToJson}) to a file. Lines are written off the calls' way,
 * many at once. When a write fails, e.g. on a full disk, the lines wait and the next receipt tries again. A
 * file that a crash cut in the middle of a line is continued on a new line. A file that was deleted or moved, as
 * log rotation does, is created anew.
 *
 * @throws `InvalidOptionError` for a path that is no text, and for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * const meter = createMeter({ sinks: [jsonlSink('receipts.jsonl')] });
 * process.once('beforeExit', () => void meter.close());
 * ```
 */
export function jsonlSink(path: string, options: JsonlSinkOptions = {}): Sink {
  if (isText(path) !== undefined) throw new InvalidOptionError('meter', 'path', 'must be the path of a file');
  checkOptions<JsonlSinkOptions>('meter', options, {
    maxWaiting: isPositiveInteger,
    permissions: isPositiveInteger,
    onWarning: isFunction,
  });
  const { maxWaiting = 10_000, permissions = 0o600, onWarning } = options;
  const waiting: Receipt[] = [];
  let file: JsonlFile | undefined;
  let draining: Promise<void> | undefined;
  let dropped = 0;

  const open = async (): Promise<JsonlFile> => {
    const { openJsonlFile } = await import('./jsonl-file.js');
    return openJsonlFile(path, permissions, () =>
      onWarning?.(
        `costkit meter: ${path} ended in the middle of a line. Receipts go on after it, on a new line.`,
      ),
    );
  };

  /** Lets go of a file that was deleted or moved, unless half a line is still to be written to it. */
  const followPath = async (): Promise<void> => {
    if (file === undefined || file.behind || !(await file.isGone())) return;
    const gone = file;
    file = undefined;
    await gone.close();
  };

  const drain = async (): Promise<void> => {
    // Receipts of the same moment go into one write.
    await new Promise((resolve) => setImmediate(resolve));
    await followPath();
    file ??= await open();
    while (file.behind || waiting.length > 0) {
      const receipts = file.behind ? [] : waiting.splice(0, LINES_PER_WRITE);
      await file.append(receipts.map((receipt) => `${JSON.stringify(receiptToJson(receipt))}\n`).join(''));
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
    while (draining !== undefined || waiting.length > 0 || file?.behind === true) await startDraining();
    await file?.sync();
  };

  return {
    name: `JSONL sink ${path}`,
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
        const closing = file;
        file = undefined;
        await closing?.close();
      }
    },
  };
}
