import type { Receipt } from '@costkit/core';

/**
 * Where receipts go. A sink is never on the way of a call: what it throws is reported, what it takes its time
 * for is not waited for.
 */
export interface Sink {
  /** Stands in error reports. @defaultValue `"sink <n>"` */
  readonly name?: string;
  /**
   * Told when a call of a metered client begins, in the asynchronous context that it was made in; `callId` is the `id`
   * of the receipt to come. For what belongs to that moment, e.g. the active span.
   */
  open?(callId: string): void;
  /** Takes one final receipt. */
  write(receipt: Receipt): void | Promise<void>;
  /** Resolves once everything written so far is safe. */
  flush?(): void | Promise<void>;
  /** Releases what the sink holds. Nothing is written afterwards. */
  close?(): void | Promise<void>;
}

/** Told when a sink fails. */
export interface SinkFailure {
  /** Name of the sink. */
  readonly sink: string;
  /** What it threw; `undefined` when receipts were dropped because the sink does not keep up. */
  readonly error: unknown;
  /** How many writes of this sink have failed so far, receipts that passed it by included. */
  readonly failures: number;
}
