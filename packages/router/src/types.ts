import type {
  Call,
  Clock,
  InferenceOperation,
  LeverMode,
  ProfileMap,
  RequestView,
  Store,
} from '@costkit/core';
import type { Scope } from '@costkit/pricing';
import type { CascadeCheck } from './cascade-check.js';
import type { RouterModel } from './learned/types.js';
import type { RoutingPolicy } from './routing-policy.js';
import type { ShadowOptions } from './shadow-options.js';

/** One rung of the ladder of models. */
export interface RouterTier {
  /** The name that rules, policies and cascades use, e.g. `cheap`. */
  readonly name: string;
  /** A model id or inference-profile id of the catalogue, or with `model` the ARN of a deployment. */
  readonly modelId: string;
  /**
   * The model behind the deployment of a custom model, such as a distilled student: its id in the catalogue. The client's
   * `models` must say it of the ARN as well, which prices the calls. @defaultValue `modelId` names it
   */
  readonly model?: string;
}

/**
 * A rung with reserved capacity: requests fill it first, because its hours are paid whether or not it is used, and
 * spill to on demand where it is throttled.
 */
export interface ProvisionedTier {
  /** The name that rules, policies and cascades use. */
  readonly name: string;
  /**
   * The ARN of provisioned throughput, in the Region of the client. The client's `models` must say which model it serves:
   * that of `overflow`.
   */
  readonly provisioned: string;
  /** The model id or inference-profile id of the same model on demand. */
  readonly overflow: string;
}

/**
 * What a request without a `task` tag looks like: `classification`, a label out of a closed set; `extraction`, fields of a
 * schema; `short-answer`, a cap of 16 output tokens or less.
 */
export type RequestShape = 'classification' | 'extraction' | 'short-answer';

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
  /** The request looks like one of these, whatever its tags; see {@link RequestShape}. */
  readonly shape?: RequestShape | readonly RequestShape[];
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
  /**
   * Judges the draft. For a stream it gets the whole answer, or as much as `stream` says: no event is handed on before
   * it has decided. `@costkit/router/checks` has checks by schema, by a learned scorer and by asking a model.
   */
  readonly check: CascadeCheck;
  /**
   * How streams are treated: `buffer` holds all events back until the check has decided on the whole answer;
   * `first-part` until it has decided on the first part, after which the draft streams; `never` does not cascade them:
   * rules, policy and learned model decide before the first token.
   * @defaultValue `"buffer"`
   */
  readonly stream?: 'buffer' | 'first-part' | 'never';
  /**
   * How many characters the first part has, for `stream: 'first-part'`. A shorter answer is judged as a whole.
   * @defaultValue 200
   */
  readonly firstPartCharacters?: number;
  /**
   * Asks for no drafts in a task, an untagged call's shape included, while they are expected to cost more than they save:
   * by `escalationShare` first, and by what some twenty drafts have come to later. One call in fifty is tried all the same,
   * and drafts begin again when they pay.
   * @defaultValue `true`
   */
  readonly stopWhenLosing?: boolean;
  /**
   * The share of drafts that is expected to be escalated, 0 to 1, for all tasks or by task: `escalationShares(report, …)` of
   * `@costkit/router/evaluation` reads it from your own cases. A draft is asked for where it is expected to pay; what the
   * first twenty drafts of a task come to takes the place of what was expected.
   * @defaultValue 0.5: from 31 to 68 % were escalated where two cheap models had to agree, on ZeroEval and MMLU-Pro (the
   * router's guide, figures)
   */
  readonly escalationShare?: number | Readonly<Record<string, number>>;
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

/** Lets a learned model decide, prompt by prompt, where no rule and no policy entry moves the request. */
export interface LearnedRoutingOptions {
  /**
   * Of `trainRouter` or `loadRouterModel`. The tiers that it was trained for must be there under the same names. It reads
   * the last user message.
   */
  readonly model: RouterModel;
  /** Which requests. @defaultValue every request */
  readonly when?: RuleConditions | RulePredicate;
  /**
   * Prompts that score below it go to the cheap tier, 0 to 1. What the model has not seen the like of never does.
   * @defaultValue that of the `target` which the model was trained for
   */
  readonly threshold?: number;
}

/** Lets calls that can wait use the flex tier, at about half the price, where their model has it. */
export interface FlexOptions {
  /** Which requests can wait: conditions, or a function. Those that name a service tier keep it. */
  readonly when: RuleConditions | RulePredicate;
}

/** Reads the policy that holds from now on: its text, or what `JSON.parse` made of it. */
export type PolicySource = () => unknown;

/** Something that a person should know but that stops nothing. */
export interface RouterWarning {
  /**
   * A stale policy has evidence about a model that its tier no longer has; the tasks concerned stay. A policy that cannot
   * be read anew leaves the one before in place. A store that cannot be read leaves the router with what it has seen itself.
   * Shadows that are not answered leave what a policy loses unwatched.
   */
  readonly code:
    | 'COSTKIT_MODEL_LEGACY'
    | 'COSTKIT_MODEL_END_OF_LIFE'
    | 'COSTKIT_POLICY_EXPIRED'
    | 'COSTKIT_POLICY_STALE'
    | 'COSTKIT_POLICY_UNREADABLE'
    | 'COSTKIT_POLICY_ROLLED_BACK'
    | 'COSTKIT_SHADOW_FAILED'
    | 'COSTKIT_STORE_UNREADABLE';
  readonly message: string;
}

/** Options of `routerPlugin` and `withRouter`. */
export interface RouterOptions {
  /** The models to choose from, cheap to strong. */
  readonly tiers: readonly (RouterTier | ProvisionedTier)[];
  /**
   * Which task may go to which tier, by evidence; see `parseRoutingPolicy`. A function is asked anew every
   * `policyRefreshMs`: `() => loadRoutingPolicy(file)`, `s3RoutingPolicy(…)`, or your own. No call waits for it but the first, for at most two seconds.
   */
  readonly policy?: RoutingPolicy | PolicySource;
  /** How often a policy that is a function is asked anew, in milliseconds. @defaultValue 60_000 */
  readonly policyRefreshMs?: number;
  /** The user's own rules; they win over the policy. */
  readonly rules?: readonly RoutingRule[];
  /** A learned model for what rules and policy leave open. */
  readonly learned?: LearnedRoutingOptions;
  /** Draft, check, escalate. */
  readonly cascade?: CascadeOptions;
  /**
   * Recognises calls without a `task` tag by what their system prompt begins with, by task. What is left goes by its shape:
   * a policy may have entries `shape:classification`, `shape:extraction` and `shape:short-answer`.
   * @defaultValue none
   */
  readonly systemPrompts?: Readonly<Record<string, string>>;
  /** Calls that can wait. @defaultValue none */
  readonly flex?: FlexOptions;
  /**
   * Names of tiers, in the order in which they are asked where a model is throttled or out of service. A model that failed
   * three times in a row is left alone for 30 seconds, longer if it fails again, and comes back after two answers.
   * @defaultValue none: the error of the service passes through
   */
  readonly failover?: readonly string[];
  /** Has the strong model answer a share of what a policy has downgraded, and rolls the policy back where quality drifts. */
  readonly shadow?: ShadowOptions;
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
  /**
   * Shares with other processes what this one has learned: tasks that were rolled back and what shadows have seen, which
   * models are out of service, and what drafts save. It holds names and figures, no prompt. Read before the first call,
   * for at most 250 ms, then exchanged every ten seconds beside the calls. A store that fails costs what others know, never a call.
   * @defaultValue none: every process learns for itself
   */
  readonly store?: Store;
  /** Under which key of `store`; routers with other tiers need another. @defaultValue `"costkit:router"` */
  readonly storeKey?: string;
  /** Told at construction of legacy models, models near their end of life, and expired or stale policies. */
  readonly onWarning?: (warning: RouterWarning) => void;
  /** @defaultValue `"enforce"` */
  readonly mode?: LeverMode;
  /** For construction; calls bring their own. @defaultValue `systemClock` */
  readonly clock?: Clock;
}
