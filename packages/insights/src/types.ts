import type { Money } from '@costkit/core';
import type { PriceOverride, Usage } from '@costkit/pricing';
import type { CreditAdvice, CreditOptions } from './credit-advice.js';
import type { EvaluationLike } from './evaluation-like.js';

/** The part of an `S3Client` that reading a prefix takes. */
export interface S3ClientLike {
  /** Sends a command. */
  // biome-ignore lint/suspicious/noExplicitAny: the commands of any copy of the SDK must fit
  send(command: any): Promise<any>;
}

/** What {@link analyzeLogs} takes. */
export interface AnalyzeOptions {
  /**
   * Where the logs are: folders, files or `s3://bucket/prefix`, of any number of accounts and Regions. What a file
   * holds is seen from its beginning: Bedrock's invocation log (S3, or an export from CloudWatch), outputs of batch
   * jobs, costkit's ledger, hours of metrics (`fetchBedrockMetrics`), a bill (CUR 2.0 or FOCUS, CSV or Parquet; answers
   * of Cost Explorer).
   */
  readonly source: string | readonly string[];
  /** A client for `s3://` sources; the files are copied to a temporary folder while they are read. */
  readonly s3?: S3ClientLike;
  /** What stands behind ARNs that do not name their model: application profiles, deployments, provisioned models. @defaultValue `{}` */
  readonly models?: Readonly<Record<string, string>>;
  /** Negotiated rates and discounts. @defaultValue the published prices */
  readonly priceOverrides?: readonly PriceOverride[];
  /**
   * What provisioned throughput costs, by the ARN of the provisioned model, as decimal text of dollars an hour. Without
   * it a bill says what all of a Region's cost. @defaultValue `{}`
   */
  readonly provisionedUsdPerHour?: Readonly<Record<string, string>>;
  /**
   * What training costs, by the base model of a student, as decimal text of dollars per million tokens: for the students
   * of which no source lists it. @defaultValue `{}`
   */
  readonly trainingUsdPerMillionTokens?: Readonly<Record<string, string>>;
  /**
   * What an evaluation (`costkit eval --json`) says of a student: where it holds, a distillation has more than low
   * confidence; where it loses, it is not recommended.
   */
  readonly evaluation?: EvaluationLike;
  /** Which keys of request metadata name feature, team and task. @defaultValue `feature`, `team`, `task` */
  readonly tagKeys?: { readonly feature?: string; readonly team?: string; readonly task?: string };
  /**
   * Whether Regions outside the geography of today's calls may serve them. Without it a `global.` profile is
   * recommended as a question, never as a patch to apply. @defaultValue `false`
   */
  readonly allowGlobal?: boolean;
  /** What is known of the account's credits, for how long they last. @defaultValue `{}` */
  readonly credits?: CreditOptions;
  /** What a day of engineering costs: recommendations are ranked by what the first year leaves. @defaultValue 600 */
  readonly engineerDayUsd?: number;
  /** Recommendations below this many dollars a month are noise. @defaultValue 1 */
  readonly minUsdPerMonth?: number;
  /** Recommendations below this share of the bill are noise. @defaultValue 0.005 */
  readonly minShare?: number;
  /** Memory for the database, in MB; what does not fit goes to a temporary folder. @defaultValue 1024 */
  readonly memoryMb?: number;
  /** Threads of the database. @defaultValue one per processor */
  readonly threads?: number;
  /** Told what is being done, for a progress bar. */
  readonly onProgress?: (doing: string) => void;
}

/** Ways to cut what a workload costs. */
export type RecommendationKind =
  /** Tag the calls, and log them: what cannot be attributed cannot be cut. */
  | 'measure'
  /** Stop calls that repeat themselves. */
  | 'runaway-loop'
  /** Set cache points where prefixes come again. */
  | 'prompt-caching'
  /** Cache for another time, or not at all. */
  | 'cache-lifetime'
  /** Keep what changes out of a cached prefix. */
  | 'broken-prefix'
  /** Call the `global.` profile. */
  | 'global-profile'
  /** Send what can wait as batch jobs. */
  | 'batch'
  /** Send what can wait in the flex tier. */
  | 'flex-tier'
  /** Cap answers. */
  | 'output-cap'
  /** Ask a cheaper model. */
  | 'smaller-model'
  /** Leave a model before it ends, or its dearer extended access. */
  | 'model-lifecycle'
  /** Embed only what has changed. */
  | 're-embedding'
  /** Retrieve passages instead of sending everything. */
  | 'retrieval'
  /** Give back provisioned throughput that is not used. */
  | 'idle-provisioned'
  /** Have a student answer, trained by the model that answers today. */
  | 'distillation'
  /** Keep vectors in a cheaper store. */
  | 'vector-store';

/** An amount and how sure it is. */
export interface MoneyInterval {
  readonly low: Money;
  readonly expected: Money;
  readonly high: Money;
}

/** One thing to do, and what it is worth. */
export interface Recommendation {
  /** 1 is first. */
  readonly rank: number;
  readonly kind: RecommendationKind;
  /** One line. */
  readonly title: string;
  /** The task it is about; `*` for all. */
  readonly task: string;
  /** The model as it is called; `*` for all. */
  readonly modelId: string;
  /** Dollars a month, taken for itself, with an interval of 90 %. */
  readonly perMonth: MoneyInterval;
  /** Dollars a month that are left of it after what was counted before it: every dollar once, so these add up. */
  readonly perMonthAfterOthers: Money;
  readonly confidence: 'high' | 'medium' | 'low';
  /** How the dollars were come by. */
  readonly method: string;
  /** Calls it is about, in the logs. */
  readonly calls: number;
  /** Ids of the requests that show it best. */
  readonly evidence: readonly string[];
  readonly risk: string;
  /** Days of engineering. */
  readonly effortDays: number;
  readonly bestFor: string;
  /** Code or configuration to paste. */
  readonly patch: string;
  /** Rank of a recommendation that excludes it and saves more: do one of them. */
  readonly alternativeTo?: number;
}

/** What a group of calls used and cost. */
export interface AttributionRow {
  readonly value: string;
  readonly calls: number;
  /** Calls that ended with an error. */
  readonly failed: number;
  /** Calls whose price or token counts are unknown: they are in no amount. */
  readonly unpriced: number;
  readonly usage: Usage;
  /** Exact sum of what is known. */
  readonly cost: Money;
  /** Median time to the end of the answer, where logs say it. */
  readonly medianLatencyMs?: number;
}

/** What calls are attributed to. */
export type AttributionDimension =
  | 'model'
  | 'feature'
  | 'team'
  | 'task'
  | 'tier'
  | 'scope'
  | 'region'
  | 'account'
  | 'operation'
  | 'day'
  | 'hour';

/** How far the logs are off the bill, for one model and usage type. */
export interface ReconciliationRow {
  /** The catalogue's id; absent where the bill's name is unknown. */
  readonly model?: string;
  /** As the bill has it; `*` where only the logs have it. */
  readonly usageType: string;
  readonly billed: Money;
  /** `undefined`: the logs hold nothing that this line could be. */
  readonly metered: Money | undefined;
  readonly billedTokens: number | undefined;
  readonly meteredTokens: number | undefined;
  /** Metered less billed, as a share of billed. */
  readonly difference: number | undefined;
}

/** Reads, writes and plain input of one hour. */
export interface CacheHour {
  /** Begin of the hour, ISO. */
  readonly at: string;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly input: number;
}

/** A lever of which the logs say what is at stake, and not what is to be won. */
export interface UndecidedLever {
  readonly lever: 'distillation' | 'vector-store';
  /** The task and model, or the service of the bill. */
  readonly about: string;
  /** What it costs today: a saving is below it. */
  readonly perMonthAtStake: Money;
  /** What must be known first. */
  readonly unknownWithout: string;
  /** The command that computes it from there, with what the logs know. */
  readonly command: string;
}

/** What provisioned throughput costs, and its calls would on demand. */
export interface ProvisionedUse {
  /** The ARN of the provisioned model. */
  readonly modelId: string;
  readonly calls: number;
  /** As it was told. */
  readonly usdPerHour: Money;
  /** Price of the tokens of its calls on demand, by the hour that the logs cover. */
  readonly onDemandUsdPerHour: Money;
}

/** What {@link analyzeLogs} found. */
export interface Analysis {
  readonly version: 1;
  /** First and last call, ISO; absent when there are none. */
  readonly from?: string;
  readonly to?: string;
  /** Days that the logs cover, at least one. */
  readonly days: number;
  readonly calls: number;
  readonly failed: number;
  readonly unpriced: number;
  /** Lines that held no record. */
  readonly brokenLines: number;
  /** Records that were there twice, by request id. */
  readonly duplicates: number;
  /** Exact cost of the calls that have a price. */
  readonly total: Money;
  /** The same, scaled to a month of 30.4375 days. */
  readonly perMonth: Money;
  /** What is left of a month when everything recommended is done. */
  readonly perMonthAfter: Money;
  /** Every dimension adds up to `total`, to the last digit. */
  readonly attribution: Readonly<Record<AttributionDimension, readonly AttributionRow[]>>;
  /** The dearest requests, by id. */
  readonly topRequests: readonly {
    readonly requestId: string;
    readonly task: string;
    readonly model: string;
    readonly cost: Money;
  }[];
  /** Reads and writes by hour, where anything was cached. */
  readonly cacheTimeline: readonly CacheHour[];
  /** Of the provisioned models whose price was told; without those whose calls have no known price on demand. */
  readonly provisionedUse: readonly ProvisionedUse[];
  readonly recommendations: readonly Recommendation[];
  /** What the logs cannot decide; in no amount. */
  readonly undecided: readonly UndecidedLever[];
  /** The ninth lever: runway, in no amount of the others. Absent where nothing is spent. */
  readonly credits?: CreditAdvice;
  /** Found, but below what counts. */
  readonly belowNoise: number;
  /** Present when a bill was among the sources. */
  readonly reconciliation?: readonly ReconciliationRow[];
  /** Services beside the models, from the bill. */
  readonly supportingServices?: readonly { readonly service: string; readonly cost: Money }[];
  /** What the reader must know of these figures. */
  readonly notes: readonly string[];
  readonly priceVersion: string;
}
