/**
 * Receipts of what no client sends, such as the records of a batch job. Apart from the main entry, because only code that
 * makes receipts itself imports this.
 * @module
 */
import type { Receipt } from './receipt.js';
import { isListenedTo, publishReceipt } from './receipt-registry.js';
import { currentScope } from './scope.js';

/** Tells a receipt to whoever listens; it is not made where nobody does. */
export type ReceiptTeller = (make: () => Receipt) => void;

/**
 * Tells receipts as a client of ours does: to every `collectReceipts` around the code that calls this, and to the
 * listeners of `onReceipt`.
 *
 * @example
 * ```ts
 * const tell = receiptTeller();
 * for await (const result of results) tell(() => result.receipt);
 * ```
 */
export function receiptTeller(): ReceiptTeller {
  const { collectors } = currentScope();
  return (make) => {
    if (collectors.length === 0 && !isListenedTo()) return;
    const receipt = make();
    for (const collector of collectors) collector.push(receipt);
    publishReceipt(receipt);
  };
}
