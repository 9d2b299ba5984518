import { hash } from 'node:crypto';
import { type Attempt, Money, NO_USAGE, type Receipt, type Tags, type Usage } from '@costkit/core';
import { costOf, PRICE_VERSION } from '@costkit/pricing';
import type { ReceiptMaker, ReceiptSource } from './batch-result.js';
import type { PricedPlan } from './plan-batch.js';
import type { BatchFailure, BatchSuccess } from './types.js';

const BY_A_JOB = {
  action: 'answered by a batch job',
  reason: 'The record can wait; a batch job costs about half.',
};
const SHARED = {
  action: 'shared an answer',
  reason: 'Another record of the batch asked the same, and its answer is paid for.',
};

/**
 * Makes the receipt of a record. Its id is the same in every run that reads the record again, so that whoever keeps receipts
 * can tell it from a new one.
 */
export function receiptMaker(plan: PricedPlan, tags: Tags): ReceiptMaker {
  const { query, model, resolved, log, clock, recordType } = plan;
  const startedAt = new Date(log.begunAt ?? clock.now());
  const isAltered = log.round(0).sourced?.isAltered === true;
  const head = {
    startedAt,
    operation: recordType === 'Converse' ? 'Converse' : 'InvokeModel',
    requestedModel: model,
    servedModel: resolved.model.id,
    region: query.region ?? 'unknown',
    scope: resolved.scope ?? 'unknown',
    tags,
    priceVersion: PRICE_VERSION,
    settled: true,
  } as const;
  const onDemand = (usage: Usage): Money | undefined => {
    const { total, complete } = costOf(usage, query);
    return complete ? total : undefined;
  };

  return (result, source) => {
    const latencyMs = Math.max(0, clock.now() - startedAt.getTime());
    const id = receiptId(log.batch, source, result);
    if (!result.ok) {
      return Object.freeze({
        ...head,
        ...{ id, latencyMs, error: result.errorCode, mode: 'batch', attempts: [], usage: NO_USAGE },
        ...{ cost: Money.zero, baseline: undefined, baselineQuality: 'estimated', saved: undefined },
        ...{ decisions: [], quality: 'measured' },
      } as const);
    }
    const { usage, quality, isShared, cost } = result;
    const note = source.single?.receipt;
    const mode = result.mode === 'on-demand' ? 'standard' : result.mode;
    const ended = stopReasonOf(result);
    const attempt: Attempt = {
      ...{ purpose: 'answer', modelId: model, mode, startedAt, latencyMs, ...ended, usage, cost, quality },
      ...{ servedModel: head.servedModel, scope: head.scope, region: head.region },
      complete: quality === 'measured',
    };
    const baseline = note === undefined ? onDemand(usage) : moneyOf(note.baselinePicoUsd);
    const isExact = quality === 'measured' && !isAltered && note === undefined;
    return Object.freeze({
      ...head,
      ...{ id: isShared ? id : (note?.id ?? id), latencyMs, mode, ...ended },
      attempts: isShared ? [] : [attempt],
      usage: isShared ? NO_USAGE : usage,
      cost,
      baseline,
      baselineQuality: isExact ? 'exact' : 'estimated',
      saved: cost === undefined ? undefined : baseline?.minus(cost),
      decisions: decisionsOf(result),
      quality,
    } as const);
  };
}

/** Answers are in the shape of Converse. */
function stopReasonOf({ output }: BatchSuccess): { readonly stopReason?: string } {
  const { stopReason } = output;
  return typeof stopReason === 'string' ? { stopReason } : {};
}

const moneyOf = (picoUsd: string | undefined): Money | undefined =>
  picoUsd === undefined ? undefined : Money.fromPicoUsd(BigInt(picoUsd));

function decisionsOf({ isShared, mode }: BatchSuccess): Receipt['decisions'] {
  if (isShared) return [{ lever: 'batch', mode: 'enforce', ...SHARED }];
  return mode === 'batch' ? [{ lever: 'batch', mode: 'enforce', ...BY_A_JOB }] : [];
}

/** A UUID of the form that is left to applications (RFC 9562, version 8). */
function receiptId(
  batch: string,
  { id, round }: ReceiptSource,
  { ok, ordinal }: Pick<BatchSuccess | BatchFailure, 'ok' | 'ordinal'>,
): string {
  // A later run may send by itself what has failed, in the same round: that is another receipt.
  const told = [batch, round, id, ordinal, ...(ok ? [] : ['failed'])];
  const digits = hash('sha1', JSON.stringify(told), 'hex');
  const variant = ((Number.parseInt(digits.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-');
}
