import { type AttemptState, mayBeBilled } from './attempt-state.js';
import type { CallState } from './call-state.js';
import type { CallOutput, Lever } from './lever.js';
import type { AttemptPurpose } from './receipt.js';
import type { RequestView } from './request-view.js';
import { runResend } from './run-lever.js';
import type { HandlerResult } from './sdk.js';

/** What is sent, and for whom. */
interface TransmissionOptions {
  readonly call: CallState;
  readonly view: RequestView;
  readonly purpose: AttemptPurpose;
  readonly region: string | undefined;
  /** The levers of slot `fit`. */
  readonly levers: readonly Lever[];
}

/**
 * One request on its way through the SDK's retry loop. The SDK sends again by itself what timed out or lost its
 * connection, which the service may have worked on and may bill: each of those is an attempt of its own.
 */
export class Transmission {
  readonly #options: TransmissionOptions;
  #attempt: AttemptState;
  /** The last time it was sent may be billed, and nothing came back. */
  #lost: { readonly error: unknown } | undefined;
  /** What was sent last may be billed; nothing was sent yet, or it was refused, where not. */
  #billable = false;

  constructor(options: TransmissionOptions) {
    this.#options = options;
    this.#attempt = this.#begin();
  }

  /** Passed each time the SDK sends the request. */
  send(next: () => Promise<HandlerResult>): Promise<HandlerResult> {
    // The SDK's handlers send nothing for a caller who gave up before.
    if (this.#options.call.signal?.aborted === true) return next();
    return this.#lost === undefined ? this.#watch(next()) : this.#renew(this.#lost.error, next);
  }

  /** The SDK has an answer. */
  succeed(result: HandlerResult): CallOutput {
    return this.#attempt.succeed(result);
  }

  /** The SDK gave up. */
  fail(error: unknown): void {
    this.#attempt.fail(error, this.#billable);
  }

  #begin(): AttemptState {
    const { call, view, purpose, region } = this.#options;
    return call.beginAttempt(view, purpose, region);
  }

  #watch(sent: Promise<HandlerResult>): Promise<HandlerResult> {
    this.#billable = true;
    return sent.catch((error: unknown) => {
      this.#billable = mayBeBilled(error);
      this.#lost = this.#billable ? { error } : undefined;
      throw error;
    });
  }

  async #renew(error: unknown, next: () => Promise<HandlerResult>): Promise<HandlerResult> {
    const { call, view, levers } = this.#options;
    this.#lost = undefined;
    this.#attempt.fail(error, true);
    this.#billable = false;
    for (const lever of levers) await runResend(lever, view, call);
    this.#attempt = this.#begin();
    return this.#watch(next());
  }
}
