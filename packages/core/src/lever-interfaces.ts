/**
 * How levers help each other without importing one another: a lever takes another's object as an option, and
 * only `costkit` wires them.
 * @module
 */
import type { Money, Usage } from '@costkit/pricing';
import type { Call, CallOutput } from './lever.js';
import type { Receipt, Tags } from './receipt.js';
import type { RequestView } from './request-view.js';

/** Knows which cheaper model a request may fall back to; the router's policy answers. */
export interface Ladder {
  /** The next cheaper model that the policy allows for this call, or `undefined`. */
  below(view: RequestView, call: Call): string | undefined | Promise<string | undefined>;
}

/** Takes requests that can wait; batch inference answers. */
export interface BatchQueue {
  /** Resolves with the answer once the batch job is done. */
  enqueue(view: RequestView, call: Call): Promise<CallOutput>;
}

/** Work that is answered by batch jobs as a whole. */
export interface BulkWork {
  /** Names whose work it is: what an earlier process has begun under the same name is gone on with. */
  readonly name: string;
  /** Model id, inference profile or ARN. */
  readonly modelId: string;
  /** Ends the waiting, not the jobs. @defaultValue none */
  readonly signal?: AbortSignal;
}

/** A request of bulk work. */
export interface BulkRecord {
  /** Names it in the answers; unique in the work. */
  readonly id: string;
  /** The body of an InvokeModel request, JSON. */
  readonly body: string;
}

/** What became of a request of bulk work. */
export type BulkAnswer =
  | {
      readonly id: string;
      readonly ok: true;
      /** The model's answer, as InvokeModel gives it. */
      readonly body: Uint8Array;
      readonly usage: Usage;
      /** `estimated` where the answer did not count its tokens. */
      readonly quality: 'measured' | 'estimated';
      /** At the batch price; `undefined`: unknown. */
      readonly cost: Money | undefined;
    }
  | { readonly id: string; readonly ok: false; readonly reason: string };

/**
 * Answers many InvokeModel requests by batch jobs, and loses none that is paid: each step is written down before it is
 * taken. `bulkInvoker` of `@costkit/batch` is one.
 */
export interface BulkInvoker {
  /**
   * Hands on what jobs of the work have answered that an earlier process began and did not see to its end, and waits for
   * those that still run. An answer may come that the earlier process has had already.
   */
  resume(work: BulkWork): AsyncIterable<readonly BulkAnswer[]>;
  /**
   * Answers requests, which are read one at a time. One that no job could take comes as not `ok`, or, where there are too
   * few of them for any job, not at all: both cost nothing.
   */
  invoke(
    work: BulkWork,
    records: Iterable<BulkRecord> | AsyncIterable<BulkRecord>,
  ): AsyncIterable<readonly BulkAnswer[]>;
}

/** Keeps a share of calls out of a lever, so that what it saves can be measured. */
export interface HoldOut {
  /** The share that is kept out, 0 to 1. */
  readonly share: number;
  /** Whether this call is kept out; the same answer for the same call id. */
  includes(call: Call): boolean;
}

/**
 * Knows which application inference profiles belong together: an account has one for each model of a team, and only
 * calls through it carry the team's cost-allocation tags. `profileMap` of `@costkit/meter/profiles` answers.
 */
export interface ProfileMap {
  /** The model or inference profile behind each profile, by ARN, as the setting `models` takes it. */
  readonly models: Readonly<Record<string, string>>;
  /**
   * The profile through which the owner of a profile calls another model.
   *
   * @param profileArn - the profile that the caller's request names.
   * @param modelId - the model or inference profile that is to be called instead.
   * @returns its ARN; `undefined` where the owner has none for that model, so that the call would lose its cost tags.
   */
  counterpart(profileArn: string, modelId: string): string | undefined;
}

/** Work that is paid later and as a whole: a batch job, an embedding run, an evaluation. */
export interface PlannedSpend {
  /** The most that it can cost. */
  readonly amount: Money;
  /** Which budgets it counts in. @defaultValue the tags of the running `withTags` */
  readonly tags?: Tags;
  /** When it began; decides the period. @defaultValue now */
  readonly at?: Date;
  /** The `id` of a reservation that another process has made for this very work: it counts once. @defaultValue a new one */
  readonly id?: string;
  /** It is being paid already: it counts whether or not there is room. @defaultValue `false` */
  readonly committed?: boolean;
}

/** Money that is held for planned work. */
export interface SpendReservation {
  /** Unique among all processes; another one can go on with it. */
  readonly id: string;
  /**
   * Releases what is held, and books what the work has cost; the first call counts.
   *
   * @param spent - `Money.zero` where nothing was begun; `undefined` where nobody knows: what was held counts as spent.
   */
  settle(spent: Money | undefined): void;
  /** Enters a receipt of the work where the guard keeps receipts; its cost is not booked by that, but by `settle`. */
  record?(receipt: Receipt): void;
}

/** Holds money for work as a whole before it begins; a meter with budgets is one. */
export interface SpendGuard {
  /**
   * Holds an amount in every budget that the tags count in, or in none.
   *
   * @throws the guard's own error where it has no room, or cannot tell: the work must not begin.
   */
  reserve(spend: PlannedSpend): Promise<SpendReservation>;
}
