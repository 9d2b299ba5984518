import type {
  Call,
  Clock,
  InferenceOperation,
  LeverMode,
  ProfileMap,
  RequestView,
  ResponseView,
} from '@costkit/core';
import type { Scope } from '@costkit/pricing';
import type { RoutingPolicy } from './routing-policy.js';

/** One rung of the ladder of models. */
export interface RouterTier {
  /** The name that rules, policies and cascades use, e.g. `cheap`. */
  readonly name: string;
  /** A model id or inference-profile id of the catalogue. */
  readonly modelId: string;
}

/** What a request must be for a rule to hold. Every condition that is given must hold. */
export interface RuleConditions {
  /** The call's `task` tag is one of these. */
  readonly task?: string | readonly string[];
  /** Each of these tags has the value, or one of the values. */
  readonly tags?: Readonly<Record<string, string | readonly string[]>>;
  /** Estimated input tokens are at most this. */
  readonly maxInputTokens?: number;
  /** Estimated input tokens are at least this. */
  readonly minInputTokens?: number;
  /** The request has (or has not) tools. */
  readonly tools?: boolean;
  /** The request has (or has not) images. */
  readonly images?: boolean;
  /** The request has (or has not) documents. */
  readonly documents?: boolean;
  /** The answer must (or need not) follow a JSON schema or a forced tool. */
  readonly structuredOutput?: boolean;
  /** The operation is one of these. */
  readonly operation?: InferenceOperation | readonly InferenceOperation[];
}

/** Decides whether a rule holds, where {@link RuleConditions} do not suffice. */
export type RulePredicate = (view: RequestView, call: Call) => boolean;

/** Sends what matches to a tier. The first rule that matches wins, over any policy. */
export interface RoutingRule {
  /** Which requests. `{}` matches every request. */
  readonly when: RuleConditions | RulePredicate;
  /** Name of the tier. */
  readonly tier: string;
  /** Why, for the receipt: completes the sentence "… because". */
  readonly reason?: string;
  /**
   * Routes even where that is not cheaper, e.g. to a stronger model. Capabilities and scope are still checked.
   * @defaultValue `false`
   */
  readonly force?: boolean;
}

/** What a check says of a draft. */
export interface CheckResult {
  readonly accept: boolean;
  /** Why, for the receipt; must not quote the answer. */
  readonly reason?: string;
}

/** Judges a draft. What it throws counts as "not accepted". */
export type CascadeCheck = (
  answer: ResponseView,
  call: Call,
) => boolean | CheckResult | Promise<boolean | CheckResult>;

/** Asks a cheap model first and a stronger one only when a check does not accept the draft. */
export interface CascadeOptions {
  /**
   * Names of the drafting and of the escalation tier.
   * @defaultValue the first tier, and the model that the caller asked for
   */
  readonly tiers?: readonly [cheap: string, strong: string];
  /**
   * Which requests are cascaded: conditions, or a function. Requests that a rule matches, or that the policy moves
   * to a cheaper tier, are not cascaded.
   * @defaultValue every request
   */
  readonly when?: RuleConditions | RulePredicate;
  /** Judges the draft. For a stream it gets the whole answer: no event is handed on before it has decided. */
  readonly check: CascadeCheck;
  /**
   * Shows the draft to the stronger model, as an addition to the last user message.
   * @defaultValue `false`
   */
  readonly includeDraft?: boolean;
  /**
   * When a budget has no room for the stronger model: `fail` with the budget's error, whose receipt holds the draft that
   * was paid, or `answer-with-draft`, which hands on a complete draft although it was not accepted, and says so in
   * the receipt. The budget is kept either way.
   * @defaultValue `"fail"`
   */
  readonly onBudgetExceeded?: 'fail' | 'answer-with-draft';
}

/** Something that a person should know but that stops nothing. */
export interface RouterWarning {
  /** A stale policy has evidence about a model that its tier no longer has; the tasks concerned stay. */
  readonly code:
    | 'COSTKIT_MODEL_LEGACY'
    | 'COSTKIT_MODEL_END_OF_LIFE'
    | 'COSTKIT_POLICY_EXPIRED'
    | 'COSTKIT_POLICY_STALE';
  readonly message: string;
}

/** Options of `routerPlugin` and `withRouter`. */
export interface RouterOptions {
  /** The models to choose from, cheap to strong. */
  readonly tiers: readonly RouterTier[];
  /** Which task may go to which tier, by evidence; see `parseRoutingPolicy`. */
  readonly policy?: RoutingPolicy;
  /** The user's own rules; they win over the policy. */
  readonly rules?: readonly RoutingRule[];
  /** Draft, check, escalate. */
  readonly cascade?: CascadeOptions;
  /**
   * Scopes that a request may be moved to besides its own, e.g. `['global']`. Without it a request stays in the
   * scope that the caller chose: `us.` requests in `us.`, bare ids in their Region.
   * @defaultValue `[]`
   */
  readonly allowedScopes?: readonly Scope[];
  /**
   * Keeps the cost tags of application inference profiles: a request for a team's profile of one model goes to the
   * team's profile of the other. `profileMap` of `@costkit/meter/profiles` makes one; the client's `models` must say
   * what stands behind each profile. `costkit(client, { profiles })` does both.
   * @defaultValue none: a request that leaves its profile is booked to none, and the receipt says so
   */
  readonly profiles?: ProfileMap;
  /**
   * Sends the caller's own request when the model we chose refuses it, is throttled or fails before its first
   * chunk.
   * @defaultValue `true`
   */
  readonly fallback?: boolean;
  /** Told at construction of legacy models, models near their end of life, and expired or stale policies. */
  readonly onWarning?: (warning: RouterWarning) => void;
  /** @defaultValue `"enforce"` */
  readonly mode?: LeverMode;
  /** For construction; calls bring their own. @defaultValue `systemClock` */
  readonly clock?: Clock;
}
