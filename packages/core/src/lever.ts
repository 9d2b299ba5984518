import type { PriceOverride, ResolvedModel, Usage } from '@costkit/pricing';
import type { Calibration } from '@costkit/tokens';
import type { Clock } from './clock.js';
import type { Attempt, AttemptPurpose, Decision, Receipt, Tags } from './receipt.js';
import type { InferenceOperation, RequestView } from './request-view.js';
import type { ResponseView } from './response-view.js';

/**
 * `off`: nothing happens. `observe`: nothing changes, the receipt says what would have. `enforce`: it happens.
 */
export type LeverMode = 'off' | 'observe' | 'enforce';

/** The five places on the way of a call, outermost first. */
export type Slot = 'receipt' | 'shape' | 'route' | 'fit' | 'attempt';

/** What one call produced. */
export interface CallOutput {
  /** The SDK's output object, streams included. */
  readonly output: object;
  /** The SDK's HTTP response. */
  readonly response?: unknown;
  /** Reads a whole response; `undefined` for streams and for bodies that no view knows. */
  readonly view: ResponseView | undefined;
}

/** Sends a request on its way through the inner slots. A lever may call it more than once. */
export type NextCall = (view: RequestView, options?: NextCallOptions) => Promise<CallOutput>;

/** How a call through the inner slots is to be treated. */
export interface NextCallOptions {
  /** How the attempt is booked. @defaultValue `"answer"` */
  readonly purpose?: AttemptPurpose;
}

/** One call of the application, from its first middleware to its receipt. */
export interface Call {
  /** A UUID; the receipt's id. */
  readonly id: string;
  /** What was called. */
  readonly operation: InferenceOperation;
  /** The caller's own request. */
  readonly original: RequestView;
  /** From `withTags` and the request's metadata; the request's own win. */
  readonly tags: Tags;
  /** When the call began, by the clock of the settings. */
  readonly startedAt: Date;
  /** The client's Region, where it is known. */
  readonly region: string | undefined;
  /** The caller's own; look at it before every wait and every further call. */
  readonly signal: AbortSignal | undefined;
  /** Time, for everything a lever measures. */
  readonly clock: Clock;
  /** Negotiated prices, for every `costOf` on the way. */
  readonly priceOverrides: readonly PriceOverride[];
  /** What the responses of each model have taught about its tokens; for `estimatedTokens`. */
  readonly calibration: Calibration;
  /** Attempts made so far. */
  readonly attempts: readonly Attempt[];
  /**
   * The model behind an id or ARN, and how a call through it is paid; knows the settings' `models`. `undefined`:
   * nobody said what stands behind it.
   */
  resolve(modelId: string): ResolvedModel | undefined;
  /** Adds a line to the receipt. */
  decide(decision: Decision): void;
  /** Books a paid request that did not go through the inner slots: a record of a batch job. */
  book(booking: Booking): void;
  /** What the caller's own request would have used, where a lever knows better than "the same tokens". */
  counterfactual: Counterfactual;
}

/** A paid request that a lever made by its own way. */
export interface Booking {
  /** The request as it was sent. */
  readonly view: RequestView;
  /** What it used. */
  readonly usage: Usage;
  /** `estimated` where nobody counted, e.g. after the caller gave up. @defaultValue `"measured"` */
  readonly quality?: 'measured' | 'estimated';
  /** Why the answer ended. */
  readonly stopReason?: string;
  /** When the request was handed over. */
  readonly startedAt: Date;
}

/** What levers know of the call that did not happen. */
export interface Counterfactual {
  /** Set when cache points are ours: the caller's own request would have paid every input token in full. */
  cachePointsAreOurs?: boolean;
  /** Input tokens of the caller's own request that were not sent. @defaultValue 0 */
  inputTokens?: number;
  /** Output tokens the caller's own request would have produced, by a hold-out or an evaluation. */
  outputTokens?: number;
  /** Tokens of the requested model per token of the served one, by an evaluation. @defaultValue 1 */
  tokenRatio?: number;
}

/** What a `fit` lever wants to send, and why. */
export interface FitPlan {
  /** The request to send in `enforce`. */
  readonly view: RequestView;
  /** Lines for the receipt, in `observe` too. */
  readonly decisions: readonly Decision[];
}

/**
 * A part of a plugin that does one thing in one slot.
 *
 * When a lever throws, the request goes on as it was and the receipt says so, unless `failsClosed` is set.
 */
export interface Lever {
  /** The package's own name, e.g. `router`. */
  readonly name: string;
  /** Where it acts. */
  readonly slot: Slot;
  /** A lever that is `off` is never called. */
  readonly mode: LeverMode;
  /** The lever's errors stop the call: for budgets, where "cannot check" means "do not spend". */
  readonly failsClosed?: boolean;
  /**
   * Slots `receipt`, `shape`, `route`: runs around the inner slots. Slot `attempt`: may answer in the service's place,
   * with `call.book` for what that cost; the request can no longer be edited there.
   * `options` say what the request is for, e.g. the repair of an answer.
   */
  around?(view: RequestView, call: Call, next: NextCall, options?: NextCallOptions): Promise<CallOutput>;
  /**
   * Slots `receipt`, `shape` and `route`, for a lever that has no `around`: asked where the inner slots threw, in
   * `enforce` only. It answers by another way, or throws what it was given. A call that succeeds pays nothing for it.
   */
  recover?(
    error: unknown,
    view: RequestView,
    call: Call,
    next: NextCall,
    options?: NextCallOptions,
  ): Promise<CallOutput>;
  /**
   * Slot `fit`: edits bound to the chosen model. In `observe` the returned view is not sent.
   *
   * @param purpose - what the request is for: a `check` asks something beside the call, and its answer is not the call's.
   */
  fit?(
    view: RequestView,
    call: Call,
    purpose?: AttemptPurpose,
  ): FitPlan | undefined | Promise<FitPlan | undefined>;
  /**
   * Slot `fit`: asked before the SDK sends the same request again by itself, where the service may have worked on it
   * the first time. Throws to stop that, with `failsClosed` in `enforce`; the request can no longer be edited.
   */
  resend?(view: RequestView, call: Call): void | Promise<void>;
  /** Told once an attempt is settled (for a stream: when it has ended). */
  onAttempt?(attempt: Attempt, view: RequestView, call: Call): void;
  /** Told where an attempt has ended that costs nothing: the service refused it, or it was never sent. */
  onRefused?(view: RequestView, call: Call): void;
  /** Told once the receipt is final. */
  onReceipt?(receipt: Receipt, call: Call): void;
}
