import { Money, NO_USAGE, type Tags } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { costOf } from '@costkit/pricing';
import { receiptMaker } from './batch-receipt.js';
import { AnsweredRecord, UnansweredRecord } from './batch-result.js';
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
  const makeReceipt = receiptMaker(plan, tags);
  const answer = (line: OutputLine): RecordAnswer => {
    const read = readRecord(unread, line.modelOutput ?? {});
    // What was not counted is estimated by the request, which the service echoes.
    return read.quality === 'measured' || line.modelInput === undefined
      ? read
      : readRecord(viewOf(line.modelInput, model), line.modelOutput ?? {});
  };
  const costOfAnswer = (read: RecordAnswer, line: OutputLine): Money | undefined => {
    if (line.single !== undefined) return costOfLine({ query }, line);
    const { total, complete } = costOf(read.usage, batch);
    return complete ? total : undefined;
  };
  return (event) => {
    const { owner, id, round } = event;
    const { ordinal, recordId = id } = owner;
    if ('failure' in event) {
      const { errorCode, errorMessage } = event.failure;
      const source = { id, round, single: undefined };
      return new UnansweredRecord({ recordId, ordinal, errorCode, errorMessage }, makeReceipt, source);
    }
    const { line, isShared } = event;
    const { single } = line;
    const read = answer(line);
    return new AnsweredRecord(
      {
        recordId,
        ordinal,
        output: read.output as BatchInput,
        usage: single?.receipt === undefined ? read.usage : { ...NO_USAGE, ...single.receipt.usage },
        quality: single?.receipt?.quality ?? read.quality,
        cost: isShared ? Money.zero : costOfAnswer(read, line),
        mode: single?.mode ?? 'batch',
        isShared,
      },
      makeReceipt,
      { id, round, single },
    );
  };
}
