import type { BedrockClientLike, Call, RequestView, ResponseView } from '@costkit/core';

/** The same request, answered by the tier that the policy chose and by the model that the caller asked for. */
export interface ShadowPair {
  /** The value of the call's `task` tag, or what it was recognised as. */
  readonly task: string;
  /** What the caller got. */
  readonly cheap: ResponseView;
  /** What the model asked for would have said. */
  readonly strong: ResponseView;
  /** The caller's request. */
  readonly request: RequestView;
  /** The caller's call, with its tags. */
  readonly call: Call;
}

/** What the pairs of a task have shown so far. */
export interface ShadowReport {
  /** The task. */
  readonly task: string;
  /** How many pairs were graded. */
  readonly pairs: number;
  /** Mean of what was lost, from −1 to 1. */
  readonly meanLoss: number;
  /** Whether this pair has rolled the task back. */
  readonly rolledBack: boolean;
}

/** Watches what a policy's downgrades lose. */
export interface ShadowOptions {
  /**
   * Sends the shadow requests: a client without a router, best `batchClient(…)` of `@costkit/batch`, at half price. Each has
   * a receipt of its own, under the feature `costkit-shadow`.
   */
  readonly client: BedrockClientLike;
  /** The share of downgraded calls that is shadowed, 0 to 1. */
  readonly share: number;
  /** How much the cheap answer is worse, from −1 (better) by 0 (as good) to 1. What it throws leaves the pair out. */
  readonly loss: (pair: ShadowPair) => number | Promise<number>;
  /** The mean loss that a task may have. @defaultValue 0.05 */
  readonly maxLoss?: number;
  /**
   * How many pairs pass on average before a task is rolled back that loses no more than `maxLoss`: the larger, the fewer false
   * alarms, and the later true ones.
   * @defaultValue 1_000
   */
  readonly pairsPerFalseAlarm?: number;
  /** Told of every graded pair. What it throws is dropped. */
  readonly onPair?: (report: ShadowReport) => void;
}
