import type { Receipt } from './receipt.js';

/** Is told every receipt once it is final. */
export type ReceiptListener = (receipt: Receipt) => void;

interface Registry {
  readonly receipts: WeakMap<object, Receipt>;
  readonly listeners: Set<ReceiptListener>;
}

const KEY = Symbol.for('costkit.receipts');

// Shared between copies of this package, as the scope is.
const shared = globalThis as { [KEY]?: Registry };
shared[KEY] ??= { receipts: new WeakMap(), listeners: new Set() };
const registry: Registry = shared[KEY];

/**
 * The receipt of a call, by what the call returned or threw. For a stream it is complete (`settled`) once the
 * stream has ended.
 *
 * @example
 * ```ts
 * const output = await client.send(new ConverseCommand(input));
 * receiptOf(output)?.cost?.toString(); // "$0.0021"
 * ```
 */
export function receiptOf(outputOrError: unknown): Receipt | undefined {
  return typeof outputOrError === 'object' && outputOrError !== null
    ? registry.receipts.get(outputOrError)
    : undefined;
}

/**
 * Calls `listener` with every receipt of this process once it is final. An error it throws is dropped: a
 * listener can never fail a call.
 *
 * @returns a function that ends the subscription.
 */
export function onReceipt(listener: ReceiptListener): () => void {
  registry.listeners.add(listener);
  return () => registry.listeners.delete(listener);
}

/** Remembers which object stands for a call. @internal */
export function bindReceipt(target: unknown, receipt: Receipt): void {
  if (typeof target === 'object' && target !== null) registry.receipts.set(target, receipt);
}

/** Tells all listeners. @internal */
export function publishReceipt(receipt: Receipt): void {
  for (const listener of registry.listeners) {
    try {
      listener(receipt);
    } catch {
      // Observing code can never fail a call.
    }
  }
}

/** Whether anybody would be told. @internal */
export const isListenedTo = (): boolean => registry.listeners.size > 0;
