import { Money, promptTokens, type Receipt } from '@costkit/core';
import type { Attributes, AttributeValue, Span } from '@opentelemetry/api';
import { addReceipt, emptyRow, type LedgerRow } from '../ledger-row.js';
import { ATTRIBUTE } from './names.js';

const usdOf = (picoUsd: bigint): number => Money.fromPicoUsd(picoUsd).usd;

/** What only the latest call of a span can say. */
function ofLatest(receipt: Receipt): Attributes {
  return {
    [ATTRIBUTE.receiptId]: receipt.id,
    ...(receipt.operation.endsWith('Stream') ? { [ATTRIBUTE.requestStream]: true } : {}),
    ...(receipt.stopReason === undefined ? {} : { [ATTRIBUTE.finishReasons]: [receipt.stopReason] }),
    ...(receipt.firstChunkMs === undefined
      ? {}
      : { [ATTRIBUTE.timeToFirstChunk]: receipt.firstChunkMs / 1_000 }),
    ...(receipt.error === undefined ? {} : { [ATTRIBUTE.errorType]: receipt.error }),
  };
}

function ofAll(row: LedgerRow): Attributes {
  const { usage } = row;
  const input = promptTokens(usage);
  const given: Record<string, AttributeValue | undefined> = {
    [ATTRIBUTE.calls]: row.calls,
    [ATTRIBUTE.unpriced]: row.unpriced,
    [ATTRIBUTE.estimated]: row.estimated,
    // An unknown price is no cost of $0.
    [ATTRIBUTE.costUsd]: row.calls === row.unpriced ? undefined : usdOf(row.cost),
    [ATTRIBUTE.baselineUsd]: row.comparable === 0 ? undefined : usdOf(row.baseline),
    [ATTRIBUTE.savedUsd]: row.comparable === 0 ? undefined : usdOf(row.saved),
    [ATTRIBUTE.latency]: row.latencyMs / 1_000,
    [ATTRIBUTE.inputTokens]: input,
    [ATTRIBUTE.outputTokens]: usage.output,
    [ATTRIBUTE.cacheReadTokens]: usage.cacheRead,
    [ATTRIBUTE.cacheWriteTokens]: usage.cacheWrite5m + usage.cacheWrite1h + usage.cacheWrite30m,
    [ATTRIBUTE.cacheHitRate]: input === 0 ? undefined : usage.cacheRead / input,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/**
 * Makes what writes receipts to the span around their call. A span of an SDK's instrumentation holds one call; under
 * one of a whole request amounts and tokens add up, and the rest is that of the latest call.
 */
export function spanTotals(): (span: Span, receipt: Receipt, attributes: Attributes) => void {
  const rows = new WeakMap<Span, LedgerRow>();
  return (span, receipt, attributes) => {
    if (!span.isRecording()) return;
    const row = rows.get(span) ?? emptyRow();
    rows.set(span, row);
    addReceipt(row, receipt);
    span.setAttributes({ ...attributes, ...ofLatest(receipt), ...ofAll(row) });
  };
}
