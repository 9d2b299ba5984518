import type { Money, Usage } from '@costkit/pricing';
import type { LeverMode } from './lever.js';
import type { InferenceOperation } from './request-view.js';

/** Names of features, teams, tenants, tasks … that a call is booked under. */
export type Tags = Readonly<Record<string, string>>;

/** Why a paid attempt was made. */
export type AttemptPurpose = 'answer' | 'draft' | 'check' | 'repair' | 'escalation';

/** One request that reached Bedrock (SDK retries inside it are not billed and not listed). */
export interface Attempt {
  /** What it was for. */
  readonly purpose: AttemptPurpose;
  /** The id or ARN that was sent. */
  readonly modelId: string;
  /** The catalogue id that served it, where known. */
  readonly servedModel: string;
  /** Where it may be served, as far as the price depends on it: `global`, `geo:us`, `inRegion`, `custom`, … */
  readonly scope: string;
  /** The source Region. */
  readonly region: string;
  /** Pricing mode as served: a tier, `batch`, `provisioned`, `imported`, … */
  readonly mode: string;
  /** When the request was sent. */
  readonly startedAt: Date;
  /** Until the answer, or the last chunk of it. */
  readonly latencyMs: number;
  /** Until the first chunk of a stream. */
  readonly firstChunkMs?: number;
  /**
   * How often the SDK had sent the request, its retries included. Of those, each that the service may have worked on
   * without an answer is an attempt of its own, before this one.
   */
  readonly sdkAttempts?: number;
  /** The service's id of the request. */
  readonly requestId?: string;
  /** Why the answer ended, in the service's or the model's own word. */
  readonly stopReason?: string;
  /** Name of the error the attempt ended with. */
  readonly error?: string;
  /** Counts, each token in exactly one. */
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
  /** The lever's package, e.g. `prompt-cache`. */
  readonly lever: string;
  /** In `observe` nothing of it happened. */
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
  /** A UUID. */
  readonly id: string;
  /** When `send` was called. */
  readonly startedAt: Date;
  /** Until the caller had the whole answer. */
  readonly latencyMs: number;
  /** Time until the caller got the first chunk of a stream. */
  readonly firstChunkMs?: number;
  /** What was called. */
  readonly operation: InferenceOperation;
  /** The id or ARN of the caller's own request. */
  readonly requestedModel: string;
  /** The catalogue id of the model that answered, where known. */
  readonly servedModel: string;
  /** The source Region. */
  readonly region: string;
  /** Where it may be served, as far as the price depends on it: `global`, `geo:us`, `inRegion`, `custom`, … */
  readonly scope: string;
  /** Pricing mode as served: a tier, `batch`, `provisioned`, `imported`, … */
  readonly mode: string;
  /** Why the answer ended, in the service's or the model's own word. */
  readonly stopReason?: string;
  /** Name of the error the call ended with. */
  readonly error?: string;
  /** What the call is booked under. */
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
  /** What the levers did, or would have done. */
  readonly decisions: readonly Decision[];
  /** `estimated` where one attempt's usage is. */
  readonly quality: 'measured' | 'estimated';
  /** Version of the price catalogue. */
  readonly priceVersion: string;
  /** `false` while a stream is still being read: the figures are not final. */
  readonly settled: boolean;
}
