import {
  type Clock,
  checkOptions,
  InvalidOptionError,
  isFunction,
  isObject,
  isPositiveInteger,
  isText,
  type Receipt,
  systemClock,
} from '@costkit/core';
import { hasMethods } from './has-methods.js';
import type { JsonlFiles } from './jsonl-files.js';
import { receiptToJson } from './receipt-json.js';
import type { Sink } from './sink.js';

/** When {@link jsonlSink} begins a new file, and how many it keeps. A new day (UTC) always begins one. */
export interface JsonlRotationOptions {
  /** Bytes after which a new file begins. @defaultValue 67_108_864 */
  readonly maxBytes?: number;
  /** Files that stay in the folder, those of other processes included; the oldest are deleted. @defaultValue 400 */
  readonly maxFiles?: number;
}

/** What {@link jsonlSink} takes. */
export interface JsonlSinkOptions {
  /**
   * Writes to files of its own beside `path`, e.g. `receipts.2026-11-22T10-15-00.123Z.9f86d081.jsonl`, instead of to
   * `path` itself. Any number of processes may do so in one folder, also on a network file system.
   *
   * @defaultValue one file, `path`
   */
  readonly rotate?: JsonlRotationOptions;
  /**
   * Receipts that wait in memory while the file cannot be written; beyond that the oldest is dropped, and
   * `onWarning` says so.
   *
   * @defaultValue 10_000
   */
  readonly maxWaiting?: number;
  /** Permissions of a file that is created. @defaultValue `0o600`: tags may name customers */
  readonly permissions?: number;
  /** Told about half a line in the file and about dropped receipts. */
  readonly onWarning?: (message: string) => void;
  /** Decides when a day begins. @defaultValue the machine's clock */
  readonly clock?: Clock;
}

const LINES_PER_WRITE = 500;

function checkJsonlOptions(path: string, options: JsonlSinkOptions): void {
  if (isText(path) !== undefined) throw new InvalidOptionError('meter', 'path', 'must be the path of a file');
  checkOptions<JsonlSinkOptions>('meter', options, {
    rotate: isObject,
    maxWaiting: isPositiveInteger,
    permissions: isPositiveInteger,
    onWarning: isFunction,
    clock: hasMethods('now'),
  });
  checkOptions<JsonlRotationOptions>(
    'meter',
    options.rotate ?? {},
    { maxBytes: isPositiveInteger, maxFiles: isPositiveInteger },
    'rotate.',
  );
}

/**
 * Appends one line of JSON per receipt ({@link receiptToJson}) to a file. Lines are written off the calls' way,
 * many at once. When a write fails, e.g. on a full disk, the lines wait and the next receipt tries again. Half a
 * line, of a crash or of a full disk, is ended before the next one begins. A file that was deleted or moved, as
 * log rotation does, is created anew. Processes on one machine may share a file; with `rotate` each has its own.
 *
 * @throws `InvalidOptionError` for a path that is no text, and for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * const meter = createMeter({ sinks: [jsonlSink('receipts.jsonl', { rotate: { maxFiles: 90 } })] });
 * process.once('beforeExit', () => void meter.close());
 * ```
 */
export function jsonlSink(path: string, options: JsonlSinkOptions = {}): Sink {
  checkJsonlOptions(path, options);
  const { rotate, maxWaiting = 10_000, permissions = 0o600, onWarning, clock = systemClock } = options;
  const waiting: Receipt[] = [];
  let files: JsonlFiles | undefined;
  let behind = false;
  let draining: Promise<void> | undefined;
  let dropped = 0;

  const openFiles = async (): Promise<JsonlFiles> => {
    const { oneFile, rotatingFiles } = await import('./jsonl-files.js');
    const onCut = (): void =>
      onWarning?.(
        `costkit meter: ${path} ended in the middle of a line. Receipts go on after it, on a new line.`,
      );
    const opening = { permissions, onCut };
    if (rotate === undefined) return oneFile(path, opening);
    const { maxBytes = 67_108_864, maxFiles = 400 } = rotate;
    return rotatingFiles(path, opening, { maxBytes, maxFiles, now: () => clock.now() });
  };

  const drain = async (): Promise<void> => {
    // Receipts of the same moment go into one write.
    await new Promise((resolve) => setImmediate(resolve));
    files ??= await openFiles();
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
    await files?.sync();
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
        await files?.close();
      }
    },
  };
}
