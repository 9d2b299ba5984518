import { Money, type Receipt } from '@costkit/core';
import type { Bill } from '@costkit/local';

/** Whether the receipts say what the bill says. */
export interface BillComparison {
  readonly matches: boolean;
  readonly billed: Money;
  readonly receipted: Money;
  /** Requests that stand on one side only, or with two amounts. */
  readonly differences: readonly string[];
}

/**
 * Compares receipts with the local Bedrock's own bill, request by request where the two share a request id (the
 * records of a batch job have none) and in total, to the last pico-dollar.
 */
export function compareWithBill(receipts: readonly Receipt[], bill: Bill): BillComparison {
  const attempts = receipts.flatMap((receipt) => receipt.attempts);
  const receipted = Money.sum(attempts.map((attempt) => attempt.cost ?? Money.zero));
  const billed = Money.fromPicoUsd(bill.total.picoUsd);
  const lines = new Map(bill.lines.map((line) => [line.requestId, line.picoUsd]));
  const differences = attempts.flatMap(({ requestId, cost, mode }) => {
    if (requestId === undefined) return mode === 'batch' ? [] : ['a request without an id'];
    const line = lines.get(requestId);
    return line === cost?.picoUsd
      ? []
      : [`${requestId}: billed ${line ?? 'nothing'}, receipted ${cost?.picoUsd ?? 'unknown'}`];
  });
  if (attempts.length !== bill.lines.length) {
    differences.push(`${bill.lines.length} requests billed, ${attempts.length} receipted`);
  }
  return {
    matches: differences.length === 0 && receipted.equals(billed) && bill.complete,
    billed,
    receipted,
    differences,
  };
}
