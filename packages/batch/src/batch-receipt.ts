import { hash } from 'node:crypto';
import { type Attempt, Money, NO_USAGE, type Receipt, type Tags, type Usage } from '@costkit/core';
import { costOf, PRICE_VERSION } from '@costkit/pricing';
import type { BatchEvent } from './harvest.js';
import type { PricedPlan } from './plan-batch.js';
import type { BatchSuccess } from './types.js';

/** How a record ended, as far as its receipt says. */
export type RecordEnd =
  | { readonly error: string }
  /** `cost` is that of the answer, whoever has paid for it. */
  | (Pick<BatchSuccess, 'usage' | 'quality' | 'cost' | 'mode' | 'isShared'> & {
      readonly stopReason: string | undefined;
      readonly error?: never;
    });

/** The end of a record that has no answer. */
export const failureReceipt = (errorCode: string): RecordEnd => ({ error: errorCode });

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
export function receiptMaker(plan: PricedPlan, tags: Tags): (event: BatchEvent, end: RecordEnd) => Receipt {
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

  return (event, end) => {
    const latencyMs = Math.max(0, clock.now() - startedAt.getTime());
    const id = receiptId(log.batch, event);
    if (end.error !== undefined) {
      const { error } = end;
      return Object.freeze({
        ...head,
        ...{ id, latencyMs, error, mode: 'batch', attempts: [], usage: NO_USAGE, cost: Money.zero },
        ...{ baseline: undefined, baselineQuality: 'estimated', saved: undefined },
        ...{ decisions: [], quality: 'measured' },
      } as const);
    }
    const { usage, quality, isShared, stopReason } = end;
    const note = 'line' in event ? event.line.single?.receipt : undefined;
    const mode = end.mode === 'on-demand' ? 'standard' : end.mode;
    const cost = isShared ? Money.zero : end.cost;
    const ended = stopReason === undefined ? {} : { stopReason };
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
      decisions: decisionsOf(end),
      quality,
    } as const);
  };
}

const moneyOf = (picoUsd: string | undefined): Money | undefined =>
  picoUsd === undefined ? undefined : Money.fromPicoUsd(BigInt(picoUsd));

function decisionsOf({ isShared, mode }: Exclude<RecordEnd, { error: string }>): Receipt['decisions'] {
  if (isShared) return [{ lever: 'batch', mode: 'enforce', ...SHARED }];
  return mode === 'batch' ? [{ lever: 'batch', mode: 'enforce', ...BY_A_JOB }] : [];
}

/** A UUID of the form that is left to applications (RFC 9562, version 8). */
function receiptId(batch: string, { id, owner, round }: BatchEvent): string {
  const digits = hash('sha1', JSON.stringify([batch, round, id, owner.ordinal]), 'hex');
  const variant = ((Number.parseInt(digits.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-');
}
