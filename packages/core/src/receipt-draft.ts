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
  if (attempts.length === 1) return attempts[0];
  const answers = attempts.filter(({ purpose }) => !ASIDE.has(purpose));
  return answers.findLast(({ error }) => error === undefined) ?? answers.at(-1) ?? attempts.at(-1);
}

const saysWhyItEnded = ({ error, purpose }: Attempt): boolean => error === undefined && purpose !== 'check';

/** `undefined` where the cost of one is not known. */
function costOfAll(attempts: readonly Attempt[]): Money | undefined {
  let total = attempts[0]?.cost ?? Money.zero;
  for (const [index, { cost }] of attempts.entries()) {
    if (cost === undefined) return undefined;
    if (index > 0) total = total.plus(cost);
  }
  return total;
}

/** Writes the final figures and closes the receipt for good. */
export function settleReceipt(receipt: ReceiptDraft, call: CallState): Receipt {
  const { attempts } = call;
  const answer = answerOf(attempts);
  const baseline = answer === undefined || call.error !== undefined ? undefined : baselineOf(call, answer);
  receipt.latencyMs = call.elapsedMs;
  if (call.firstChunkMs !== undefined) receipt.firstChunkMs = call.firstChunkMs;
  if (call.error !== undefined) receipt.error = call.error;
  if (answer !== undefined) {
    receipt.servedModel = answer.servedModel;
    receipt.region = answer.region;
    receipt.scope = answer.scope;
    receipt.mode = answer.mode;
    const stopReason = attempts.findLast(saysWhyItEnded)?.stopReason;
    if (stopReason !== undefined) receipt.stopReason = stopReason;
  }
  receipt.usage = sumUsage(attempts.map(({ usage }) => usage));
  receipt.cost = costOfAll(attempts);
  receipt.baseline = baseline?.amount;
  receipt.baselineQuality = baseline?.quality ?? 'estimated';
  receipt.saved = receipt.cost === undefined ? undefined : receipt.baseline?.minus(receipt.cost);
  receipt.quality = attempts.every(({ quality }) => quality === 'measured') ? 'measured' : 'estimated';
  receipt.settled = true;
  Object.freeze(receipt.attempts);
  Object.freeze(receipt.decisions);
  return Object.freeze(receipt);
}
