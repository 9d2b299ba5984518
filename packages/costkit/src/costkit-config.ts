import type { BatchQueueOptions } from '@costkit/batch';
import type { Calibration, Clock, LeverMode, ProfileMap, Tags } from '@costkit/core';
import type { MeterOptions, SharedMeter } from '@costkit/meter';
import type { OutputLimitOptions } from '@costkit/output-limiter';
import type { ResponseCacheOptions } from '@costkit/output-limiter/response-cache';
import type { PriceOverride } from '@costkit/pricing';
import type { PromptCacheOptions } from '@costkit/prompt-cache';
import type { RouterOptions } from '@costkit/router';

/** What {@link costkit} takes. `false` leaves a lever out. */
export interface CostkitConfig {
  /**
   * The most that any lever may do: `observe` changes no request and says on the receipts what it would have
   * saved, `off` leaves the client bare. `COSTKIT_MODE=off` in the environment switches everything off at once.
   *
   * @defaultValue `"enforce"`
   */
  readonly mode?: LeverMode;
  /** Sends requests to the cheapest tier that rules or a policy allow. @defaultValue no routing */
  readonly router?: RouterOptions | false;
  /** Places prompt-cache points that pay for themselves. @defaultValue enforces: points cannot change an answer */
  readonly promptCache?: PromptCacheOptions | false;
  /** Caps and shortens answers. @defaultValue observes: a cap can cut an answer */
  readonly outputLimit?: OutputLimitOptions | false;
  /**
   * Answers identical requests once: those on their way at the same time, and with `ttlMs` later ones.
   *
   * @defaultValue every request is sent: an application may repeat one to get another answer
   */
  readonly responseCache?: ResponseCacheOptions | false;
  /**
   * Counts what calls cost, keeps budgets, watches for loops.
   *
   * @defaultValue counts, and alerts when it sees a loop
   */
  readonly meter?: MeterOptions | SharedMeter | false;
  /**
   * Sends calls that can wait as batch jobs. Needs `@aws-sdk/client-bedrock`, `@aws-sdk/client-s3` and
   * `@aws-sdk/lib-storage`, which are loaded when the first job starts.
   *
   * @defaultValue no batch jobs
   */
  readonly batch?: BatchQueueOptions | false;
  /** Added to every call's tags; the call's own win. @defaultValue `{}` */
  readonly tags?: Tags;
  /**
   * Names of tags that are written to `requestMetadata`, so that they reach the account's invocation logs.
   *
   * @defaultValue none
   */
  readonly metadataTags?: readonly string[];
  /** Names of those of `metadataTags` whose values are hashed before they are written. @defaultValue none */
  readonly hashedTags?: readonly string[];
  /**
   * Models behind ids and ARNs that do not name their model, such as application inference profiles: ARN to
   * model id.
   *
   * @defaultValue `{}`
   */
  readonly models?: Readonly<Record<string, string>>;
  /**
   * The account's application inference profiles, from `profileMap` of `@costkit/meter/profiles`: their calls have a
   * price, and keep the team's cost tags when the router changes the model. What `models` and `router.profiles` say wins.
   *
   * @defaultValue none
   */
  readonly profiles?: ProfileMap;
  /** Negotiated rates and discounts. @defaultValue published prices */
  readonly priceOverrides?: readonly PriceOverride[];
  /**
   * What is known of each model's tokens; estimates, routes, cache points and budgets follow it. Give one with a store
   * where cold starts are to begin warm: `createCalibration({ store })` of `@costkit/tokens`.
   *
   * @defaultValue one for this client, in memory
   */
  readonly calibration?: Calibration;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock;
}
