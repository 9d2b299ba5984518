import { Money, PRICE_VERSION } from '@costkit/pricing';
import { baselineOf } from './baseline.js';
import type { CallState } from './call-state.js';
import type { Attempt, AttemptPurpose, Receipt } from './receipt.js';
import { NO_USAGE, sumUsage } from './usage.js';

/** A receipt that is still being written; callers hold it as a read-only {@link Receipt}. */
export type ReceiptDraft = { -readonly [K in keyof Receipt]: Receipt[K] };

/** Opens the receipt of a call: nothing is known of its cost yet. */
export function draftReceipt(call: CallState): ReceiptDraft {
  const { modelId } = call.original;
  return {
    id: call.id,
    startedAt: call.startedAt,
    latencyMs: 0,
    operation: call.operation,
    requestedModel: modelId,
    servedModel: modelId,
    region: call.region ?? 'unknown',
    scope: 'unknown',
    mode: 'standard',
    tags: call.tags,
    attempts: call.attempts,
    usage: NO_USAGE,
    cost: undefined,
    baseline: undefined,
    baselineQuality: 'estimated',
    saved: undefined,
    decisions: call.decisions,
    quality: 'estimated',
    priceVersion: PRICE_VERSION,
    settled: false,
  };
}

const ASIDE: ReadonlySet<AttemptPurpose> = new Set(['check', 'repair']);

/** The attempt that answered: the last that did not fail, beside those that judged or completed another's answer. */
function answerOf(attempts: readonly Attempt[]): Attempt | undefined {
  const answers = attempts.filter(({ purpose }) => !ASIDE.has(purpose));
  return answers.findLast(({ error }) => error === undefined) ?? answers.at(-1) ?? attempts.at(-1);
}

/** Writes the final figures and closes the receipt for good. */
export function settleReceipt(receipt: ReceiptDraft, call: CallState): Receipt {
  const { attempts } = call;
  const answer = answerOf(attempts);
  const { stopReason } =
    attempts.findLast(({ error, purpose }) => error === undefined && purpose !== 'check') ?? {};
  const costs = attempts.map((attempt) => attempt.cost);
  const cost = costs.includes(undefined) ? undefined : Money.sum(costs as Money[]);
  const baseline = answer === undefined || call.error !== undefined ? undefined : baselineOf(call, answer);
  Object.assign(receipt, {
    latencyMs: call.elapsedMs,
    ...(call.firstChunkMs === undefined ? {} : { firstChunkMs: call.firstChunkMs }),
    ...(call.error === undefined ? {} : { error: call.error }),
    ...(answer === undefined
      ? {}
      : {
          servedModel: answer.servedModel,
          region: answer.region,
          scope: answer.scope,
          mode: answer.mode,
          ...(stopReason === undefined ? {} : { stopReason }),
        }),
    usage: sumUsage(attempts.map((attempt) => attempt.usage)),
    cost,
    baseline: baseline?.amount,
    baselineQuality: baseline?.quality ?? 'estimated',
    saved: cost === undefined || baseline?.amount === undefined ? undefined : baseline.amount.minus(cost),
    quality: attempts.every((attempt) => attempt.quality === 'measured') ? 'measured' : 'estimated',
    settled: true,
  } satisfies Partial<Receipt>);
  Object.freeze(receipt.attempts);
  Object.freeze(receipt.decisions);
  return Object.freeze(receipt);
}
