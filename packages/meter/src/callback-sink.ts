import type { Receipt } from '@costkit/core';
import type { Sink } from './sink.js';

/**
 * Hands every receipt to a function. What it throws or rejects with goes to the meter's `onError`.
 *
 * @example
 * ```ts
 * callbackSink((receipt) => metrics.increment('bedrock.cost', receipt.cost?.usd ?? 0));
 * ```
 */
export function callbackSink(write: (receipt: Receipt) => void | Promise<void>): Sink {
  return { name: 'callback sink', write };
}
