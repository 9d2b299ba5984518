/**
 * How levers help each other without importing one another: a lever takes another's object as an option, and
 * only `costkit` wires them.
 * @module
 */
import type { Call, CallOutput } from './lever.js';
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

/** Keeps a share of calls out of a lever, so that what it saves can be measured. */
export interface HoldOut {
  /** The share that is kept out, 0 to 1. */
  readonly share: number;
  /** Whether this call is kept out; the same answer for the same call id. */
  includes(call: Call): boolean;
}
