import type { Call, RequestView, ResponseView } from '@costkit/core';

/** What a check says of a draft. */
export interface CheckResult {
  /** Whether the caller gets the draft. */
  readonly accept: boolean;
  /** Why, for the receipt; must not quote the answer. */
  readonly reason?: string;
}

/** A question that a check asks a model about a draft. */
export interface CheckQuestion {
  /** Name of the tier that is asked. @defaultValue the tier that wrote the draft */
  readonly tier?: string;
  /** Stands behind the last user message. @defaultValue nothing: the caller's own request is asked once more */
  readonly instruction?: string;
  /** Caps the answer, in tokens. @defaultValue the cap of the request */
  readonly maxTokens?: number;
}

/** What a check knows beside the draft, and can do. */
export interface CheckContext {
  /** The request that the draft answers. */
  readonly request: RequestView;
  /** `false`: the answer is the first part of a stream, for `stream: 'first-part'`. */
  readonly complete: boolean;
  /**
   * Asks a model about the draft. What it costs is on the same receipt, as an attempt for a `check`.
   *
   * @returns `undefined` where the tier cannot take the request, or did not answer.
   */
  ask(question?: CheckQuestion): Promise<ResponseView | undefined>;
}

/** Judges a draft. What it throws counts as "not accepted". */
export type CascadeCheck = (
  answer: ResponseView,
  call: Call,
  context: CheckContext,
) => boolean | CheckResult | Promise<boolean | CheckResult>;
