import type { Attempt, Money, Receipt } from '@costkit/core';

/** Decimal text with all digits, or `null` where an amount is unknown. */
type Usd = string | null;

/** One receipt as a line of JSON: exact money as decimal text, times in ISO format, no prompts, no answers. */
export interface ReceiptJson {
  /** Version of this format. */
  readonly format: 1;
  readonly id: string;
  readonly startedAt: string;
  readonly latencyMs: number;
  readonly firstChunkMs?: number;
  readonly operation: string;
  readonly requestedModel: string;
  readonly servedModel: string;
  readonly region: string;
  readonly scope: string;
  readonly mode: string;
  readonly stopReason?: string;
  readonly error?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly usage: Receipt['usage'];
  readonly costUsd: Usd;
  readonly baselineUsd: Usd;
  readonly baselineQuality: 'exact' | 'estimated';
  readonly savedUsd: Usd;
  readonly quality: 'measured' | 'estimated';
  readonly priceVersion: string;
  readonly attempts: readonly AttemptJson[];
  readonly decisions: readonly DecisionJson[];
}

/** One paid attempt in a {@link ReceiptJson}. */
export interface AttemptJson {
  readonly purpose: string;
  readonly modelId: string;
  readonly servedModel: string;
  readonly scope: string;
  readonly region: string;
  readonly mode: string;
  readonly startedAt: string;
  readonly latencyMs: number;
  readonly requestId?: string;
  readonly stopReason?: string;
  readonly error?: string;
  readonly usage: Receipt['usage'];
  readonly costUsd: Usd;
  readonly quality: 'measured' | 'estimated';
  readonly complete: boolean;
}

/** One decision in a {@link ReceiptJson}. */
export interface DecisionJson {
  readonly lever: string;
  readonly mode: string;
  readonly action: string;
  readonly reason: string;
  readonly estimatedSavingUsd?: string;
}

const usd = (amount: Money | undefined): Usd => amount?.toUsdString() ?? null;

/** Only the fields that are there; `undefined` would be dropped by JSON, but not by a deep comparison. */
function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

function attemptJson(attempt: Attempt): AttemptJson {
  const { requestId, stopReason, error } = attempt;
  return {
    purpose: attempt.purpose,
    modelId: attempt.modelId,
    servedModel: attempt.servedModel,
    scope: attempt.scope,
    region: attempt.region,
    mode: attempt.mode,
    startedAt: attempt.startedAt.toISOString(),
    latencyMs: attempt.latencyMs,
    ...present({ requestId, stopReason, error }),
    usage: attempt.usage,
    costUsd: usd(attempt.cost),
    quality: attempt.quality,
    complete: attempt.complete,
  };
}

/**
 * A receipt as plain JSON. Fields are listed one by one, so that nothing a later version adds to receipts can
 * leak into files by itself.
 *
 * @example
 * ```ts
 * callbackSink((receipt) => queue.publish(JSON.stringify(receiptToJson(receipt))));
 * ```
 */
export function receiptToJson(receipt: Receipt): ReceiptJson {
  const { firstChunkMs, stopReason, error } = receipt;
  return {
    format: 1,
    id: receipt.id,
    startedAt: receipt.startedAt.toISOString(),
    latencyMs: receipt.latencyMs,
    operation: receipt.operation,
    requestedModel: receipt.requestedModel,
    servedModel: receipt.servedModel,
    region: receipt.region,
    scope: receipt.scope,
    mode: receipt.mode,
    ...present({ firstChunkMs, stopReason, error }),
    tags: receipt.tags,
    usage: receipt.usage,
    costUsd: usd(receipt.cost),
    baselineUsd: usd(receipt.baseline),
    baselineQuality: receipt.baselineQuality,
    savedUsd: usd(receipt.saved),
    quality: receipt.quality,
    priceVersion: receipt.priceVersion,
    attempts: receipt.attempts.map(attemptJson),
    decisions: receipt.decisions.map(({ lever, mode, action, reason, estimatedSaving }) => ({
      lever,
      mode,
      action,
      reason,
      ...present({ estimatedSavingUsd: estimatedSaving?.toUsdString() }),
    })),
  };
}
