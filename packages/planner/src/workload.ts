import type { CreditPool } from './credit-pool.js';
import type { Estimated, Usd } from './plan.js';

/** How requests are paid for: a service tier, or batch inference. */
export type WorkloadMode = 'standard' | 'flex' | 'priority' | 'reserved' | 'latencyOptimized' | 'batch';

/**
 * What an application sends to Bedrock in a month, and what each lever could change about it. Plain data: it survives
 * `JSON.parse(JSON.stringify(workload))`, so that it can be written by hand, by a log analysis or by another program.
 *
 * A task is a kind of request whose members resemble each other: one prompt, one purpose. Figures of a task are means
 * per request; what is not known about a lever is left out, and the lever counts as unknown there, not as 0.
 */
export interface Workload {
  /** For people. @defaultValue none */
  readonly name?: string;
  /** Source Region of all requests. @defaultValue the base Region of the price list */
  readonly region?: string;
  /** Prices of that day (`YYYY-MM-DD` or ISO time). @defaultValue the newest rows */
  readonly at?: string;
  /** Kinds of requests; at least one. Names are unique. */
  readonly tasks: readonly WorkloadTask[];
  /** What else is on the same bill: vector stores, guardrails, provisioned throughput. @defaultValue none */
  readonly services?: readonly WorkloadService[];
  /** What levers could do that belong to no single task. @defaultValue unknown */
  readonly levers?: WorkloadLevers;
}

/** One kind of request. */
export interface WorkloadTask {
  /** Unique in the workload. */
  readonly name: string;
  /** Model id, inference profile or ARN that names its model: what `resolveModel` understands. */
  readonly model: string;
  /** Requests in a month. */
  readonly requestsPerMonth: number;
  /** Tokens of one prompt, the cached part included. */
  readonly inputTokens: number;
  /** Tokens of one answer, thinking included. */
  readonly outputTokens: number;
  /** Shares of the requests by how they are paid for; they add up to 1. @defaultValue all `standard` */
  readonly modes?: Readonly<Partial<Record<WorkloadMode, number>>>;
  /** The prompt cache as it is used today. @defaultValue none */
  readonly cachedPrefix?: CachedPrefix;
  /** What levers could do for this task. @defaultValue unknown */
  readonly levers?: TaskLevers;
}

/** A prompt prefix that is cached today. */
export interface CachedPrefix {
  /** Tokens up to the last cache point. */
  readonly tokens: number;
  /** Share of the requests that read the prefix; all others write it. */
  readonly hitShare: number;
  /** How long it lives. @defaultValue `"5m"` */
  readonly ttl?: '5m' | '1h';
}

/** Another line of the bill. */
export interface WorkloadService {
  /** Unique in the workload. */
  readonly name: string;
  /** Dollars a month, as a number or exact decimal text. */
  readonly usdPerMonth: Usd;
}

/** How much work a lever is. */
export type LeverEffort = 'low' | 'medium' | 'high';

/** What every lever may say about itself. */
export interface LeverNote {
  /** How much work it is here. @defaultValue the playbook's, see `LEVERS` */
  readonly effort?: LeverEffort;
  /** Where the figures come from, e.g. `evaluation of 2026-11-20, 240 cases`. @defaultValue none */
  readonly evidence?: string;
}

/** What levers could do for one task. A share may be an interval: `{ low, expected, high }`. */
export interface TaskLevers {
  /** Send a share of the requests to a cheaper model. Quality is yours to show: see the router's evaluation. */
  readonly routing?: RoutingLever;
  /** Cache a prefix that requests share. */
  readonly caching?: CachingLever;
  /** Send what can wait as batch jobs. */
  readonly batch?: BatchLever;
  /** Shorter answers: caps, brevity, effort. */
  readonly outputLimits?: OutputLimitsLever;
  /** Serve a share of the requests from provisioned throughput. */
  readonly provisioned?: ProvisionedLever;
  /** A shorter prompt: retrieval instead of a long context, fewer chunks, trimming. */
  readonly context?: ContextLever;
  /** Send a share of the requests to a distilled student. */
  readonly distillation?: DistillationLever;
}

/** See {@link TaskLevers.routing}. */
export interface RoutingLever extends LeverNote {
  /** The cheaper model. */
  readonly model: string;
  /** Share of the requests that it can answer. */
  readonly share: Estimated;
}

/** See {@link TaskLevers.caching}. */
export interface CachingLever extends LeverNote {
  /** Tokens at the head of the prompt that stay the same. */
  readonly prefixTokens: number;
  /** Share of the requests that find the prefix cached. @defaultValue from arrivals: 1 − e^(−rate × TTL), for each TTL */
  readonly hitShare?: Estimated;
  /** Different prefixes among the requests, used equally often. @defaultValue 1 */
  readonly prefixes?: number;
  /** Hours of a month in which requests arrive. @defaultValue 730 */
  readonly activeHoursPerMonth?: number;
}

/** See {@link TaskLevers.batch}. */
export interface BatchLever extends LeverNote {
  /** Share of the requests that can wait a day. */
  readonly share: Estimated;
}

/** See {@link TaskLevers.outputLimits}. */
export interface OutputLimitsLever extends LeverNote {
  /** Share of the output tokens that is saved. */
  readonly savedShare: Estimated;
}

/** See {@link TaskLevers.provisioned}. */
export interface ProvisionedLever extends LeverNote {
  /** Share of the requests that the capacity serves; see `provisionedThroughputBreakEven`. */
  readonly share: Estimated;
  /** What the capacity costs in a month, used or not. */
  readonly usdPerMonth: Usd;
}

/** See {@link TaskLevers.context}. */
export interface ContextLever extends LeverNote {
  /** Tokens of one prompt afterwards. What goes is taken from the cached prefix first. */
  readonly inputTokens: Estimated;
  /** What the retrieval costs in a month beside the model: store, embeddings. @defaultValue 0 */
  readonly usdPerMonth?: Usd;
}

/** See {@link TaskLevers.distillation}. */
export interface DistillationLever extends LeverNote {
  /** Model whose token rates the student pays. */
  readonly model: string;
  /** Share of the requests that the student can answer. */
  readonly share: Estimated;
  /** Storage, hosting, and labels and training spread over the months in which they pay back. @defaultValue 0 */
  readonly usdPerMonth?: Usd;
}

/** What levers could do that belong to no single task. */
export interface WorkloadLevers {
  /** Embed only what changed, and hold vectors where they are cheapest. */
  readonly embeddings?: EmbeddingsLever;
  /** Stop what nobody wanted: runaway loops, retries, unused features. */
  readonly metering?: MeteringLever;
  /** Let credits pay what is left. */
  readonly credits?: CreditsLever;
}

/** See {@link WorkloadLevers.embeddings}. */
export interface EmbeddingsLever extends LeverNote {
  /** Name of the service line that shrinks. */
  readonly service: string;
  /** Share of that line which is saved. */
  readonly savedShare: Estimated;
}

/** See {@link WorkloadLevers.metering}. */
export interface MeteringLever extends LeverNote {
  /** Share of the token bill that a meter with budgets would have stopped. */
  readonly wasteShare: Estimated;
}

/** See {@link WorkloadLevers.credits}. */
export interface CreditsLever extends LeverNote {
  /** Credits at hand. `eligible` names services of the workload, or `Bedrock` for its tasks. */
  readonly pools: readonly CreditPool[];
  /** Growth of the bill per month, e.g. 0.05. @defaultValue 0 */
  readonly growthPerMonth?: number;
  /** Months over which credits count as a saving. @defaultValue 12 */
  readonly horizonMonths?: number;
}
