import { checkOptions, isPositiveInteger, type Receipt } from '@costkit/core';
import type { Sink } from './sink.js';

/** A sink that keeps the latest receipts. */
export interface MemorySink extends Sink {
  /** Oldest first. */
  readonly receipts: readonly Receipt[];
  /** Forgets all receipts. */
  clear(): void;
}

/** What {@link memorySink} takes. */
export interface MemorySinkOptions {
  /** How many receipts are kept; the oldest goes first. @defaultValue 1_000 */
  readonly maxReceipts?: number;
}

/**
 * Keeps the latest receipts in memory: for tests, and for a page that shows the last calls.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * const sink = memorySink();
 * const client = withMeter(bedrock, { sinks: [sink] });
 * await client.send(command);
 * sink.receipts[0]?.cost;
 * ```
 */
export function memorySink(options: MemorySinkOptions = {}): MemorySink {
  checkOptions<MemorySinkOptions>('meter', options, { maxReceipts: isPositiveInteger });
  const { maxReceipts = 1_000 } = options;
  const receipts: Receipt[] = [];
  return {
    name: 'memory sink',
    receipts,
    write: (receipt) => {
      receipts.push(receipt);
      if (receipts.length > maxReceipts) receipts.shift();
    },
    clear: () => {
      receipts.length = 0;
    },
  };
}
