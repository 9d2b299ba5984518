import { Money, NO_USAGE, type Tags } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { costOf } from '@costkit/pricing';
import { failureReceipt, receiptMaker } from './batch-receipt.js';
import { viewOf } from './forecast-batch.js';
import type { BatchEvent } from './harvest.js';
import type { OutputLine } from './job.js';
import type { PricedPlan } from './plan-batch.js';
import { type RecordAnswer, readRecord } from './read-record.js';
import { costOfLine } from './send-singles.js';
import type { BatchInput, BatchResult } from './types.js';

/** Makes results of what became of records. @param tags - those of their receipts. */
export function resultReader(plan: PricedPlan, tags: Tags): (event: BatchEvent) => BatchResult {
  const { query, model } = plan;
  const batch = { ...query, batch: true };
  const unread = viewRequest('Converse', { modelId: model, messages: [] });
  const receiptOf = receiptMaker(plan, tags);
  const answer = (line: OutputLine): RecordAnswer => {
    const read = readRecord(unread, line.modelOutput ?? {});
    // What was not counted is estimated by the request, which the service echoes.
    return read.quality === 'measured' || line.modelInput === undefined
      ? read
      : readRecord(viewOf(line.modelInput, model), line.modelOutput ?? {});
  };
  const costInBatch = (read: RecordAnswer): Money | undefined => {
    const { total, complete } = costOf(read.usage, batch);
    return complete ? total : undefined;
  };
  return (event) => {
    const { owner, id } = event;
    const { ordinal, recordId = id } = owner;
    if ('failure' in event) {
      const failure = { recordId, ordinal, ok: false, ...event.failure } as const;
      return withReceipt(failure, () => receiptOf(event, failureReceipt(event.failure.errorCode)));
    }
    const { line, isShared } = event;
    const read = answer(line);
    const { mode, receipt } = line.single ?? { mode: 'batch' };
    const { usage, quality } = receipt ?? read;
    const cost = line.single === undefined ? costInBatch(read) : costOfLine({ query }, line);
    const answered = {
      recordId,
      ordinal,
      ok: true,
      output: read.output as BatchInput,
      usage: { ...NO_USAGE, ...usage },
      quality,
      cost: isShared ? Money.zero : cost,
      mode,
      isShared,
    } as const;
    const { stopReason } = read;
    return withReceipt(answered, () => receiptOf(event, { ...answered, cost, stopReason }));
  };
}

/** Receipts are made when somebody reads them: that takes longer than to join a record. */
function withReceipt<Result extends object, Receipt>(
  result: Result,
  make: () => Receipt,
): Result & { readonly receipt: Receipt } {
  let made: Receipt | undefined;
  return Object.defineProperty(result, 'receipt', {
    get: () => {
      made ??= make();
      return made;
    },
  }) as Result & { readonly receipt: Receipt };
}
