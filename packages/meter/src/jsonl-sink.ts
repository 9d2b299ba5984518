import {
  type Clock,
  checkOptions,
  InvalidOptionError,
  isFunction,
  isObject,
  isPositiveInteger,
  isText,
} from '@costkit/core';
import { hasMethods } from './has-methods.js';
import type { jsonlWriter } from './jsonl-writer.js';
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
 * Appends one line of JSON per receipt (`receiptToJson`) to a file. Lines are written off the calls' way,
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
  let writer: Promise<ReturnType<typeof jsonlWriter>> | undefined;
  const load = (): Promise<ReturnType<typeof jsonlWriter>> => {
    writer ??= import('./jsonl-writer.js').then(({ jsonlWriter }) => jsonlWriter(path, options));
    return writer;
  };
  return {
    name: `JSONL sink ${path}`,
    write: async (receipt) => (await load()).write(receipt),
    flush: async () => (await writer)?.flush(),
    close: async () => (await writer)?.close(),
  };
}
