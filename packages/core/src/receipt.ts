import type { Money, Usage } from '@costkit/pricing';
import type { LeverMode } from './lever.js';
import type { InferenceOperation } from './request-view.js';

/** Names of features, teams, tenants, tasks … that a call is booked under. */
export type Tags = Readonly<Record<string, string>>;

/** Why a paid attempt was made. */
export type AttemptPurpose = 'answer' | 'draft' | 'check' | 'repair' | 'escalation';

/** One request that reached Bedrock (SDK retries inside it are not billed and not listed). */
export interface Attempt {
  readonly purpose: AttemptPurpose;
  /** The id or ARN that was sent. */
  readonly modelId: string;
  /** The catalogue id that served it, where known. */
  readonly servedModel: string;
  readonly scope: string;
  readonly region: string;
  /** Pricing mode as served: a tier, `batch`, `provisioned`, … */
  readonly mode: string;
  readonly startedAt: Date;
  readonly latencyMs: number;
  readonly firstChunkMs?: number;
  /** Calls that the SDK made, its retries included. */
  readonly sdkAttempts?: number;
  readonly requestId?: string;
  readonly stopReason?: string;
  /** Name of the error the attempt ended with. */
  readonly error?: string;
  readonly usage: Usage;
  /** `undefined`: a rate is unknown. */
  readonly cost: Money | undefined;
  /** `estimated` where the service did not report the usage, e.g. after a broken stream. */
  readonly quality: 'measured' | 'estimated';
  /** Whether the stream, if it was one, ended with the service's own usage report. */
  readonly complete: boolean;
}

/** What one lever did, or would have done, to a call. */
export interface Decision {
  readonly lever: string;
  readonly mode: LeverMode;
  /** A short verb phrase: `placed 2 cache points`, `routed`, `left alone`. */
  readonly action: string;
  /** One sentence that a person can check. */
  readonly reason: string;
  /** Estimated saving of this decision on this call; negative where it costs more. `undefined`: not estimated. */
  readonly estimatedSaving?: Money;
}

/** What a call cost, what it would have cost, and why. */
export interface Receipt {
  readonly id: string;
  readonly startedAt: Date;
  readonly latencyMs: number;
  /** Time until the caller got the first chunk of a stream. */
  readonly firstChunkMs?: number;
  readonly operation: InferenceOperation;
  readonly requestedModel: string;
  readonly servedModel: string;
  readonly region: string;
  readonly scope: string;
  /** Pricing mode as served: a tier, `batch`, `provisioned`, … */
  readonly mode: string;
  readonly stopReason?: string;
  /** Name of the error the call ended with. */
  readonly error?: string;
  readonly tags: Tags;
  /** Every paid call behind this one, cascades and repairs included. */
  readonly attempts: readonly Attempt[];
  /** Sum over the attempts. */
  readonly usage: Usage;
  /** `undefined`: a price is unknown. */
  readonly cost: Money | undefined;
  /** The caller's own request, as sent, on the caller's own model. */
  readonly baseline: Money | undefined;
  /** `exact` where only the price of the same tokens changed. */
  readonly baselineQuality: 'exact' | 'estimated';
  /** `baseline − cost`; negative where the call became dearer. */
  readonly saved: Money | undefined;
  readonly decisions: readonly Decision[];
  readonly quality: 'measured' | 'estimated';
  readonly priceVersion: string;
  /** `false` while a stream is still being read: the figures are not final. */
  readonly settled: boolean;
}
