/** How an estimate came about. */
export type EstimateMethod =
  /** Counted classes of characters times fitted coefficients. */
  | 'estimated'
  /** The same, corrected by the usage that the model's responses reported. */
  | 'calibrated'
  /** Counted with tiktoken's o200k, times the family's factor where the model has another tokenizer. */
  | 'tiktoken';

/** How many tokens something has, and how sure that is. */
export interface TokenEstimate {
  /** The best estimate, a whole number. */
  readonly tokens: number;
  /** At least this many, in all but rare cases. */
  readonly low: number;
  /** At most this many, in all but rare cases. Parts listed in `unknown` are not in it. */
  readonly high: number;
  readonly method: EstimateMethod;
  /** Kinds of content that were present but could not be counted, e.g. `video`; empty when all was counted. */
  readonly unknown: readonly string[];
}

/**
 * The parts of a Converse request that cost input tokens. Structural, so that any copy of the AWS SDK fits:
 * `ConverseCommandInput` and `ConverseStreamCommandInput` are assignable.
 */
export interface ConverseLikeRequest {
  readonly system?: readonly object[] | undefined;
  readonly messages?: readonly ConverseLikeMessage[] | undefined;
  readonly toolConfig?: object | undefined;
  readonly outputConfig?: object | undefined;
}

/** One message of a {@link ConverseLikeRequest}. */
export interface ConverseLikeMessage {
  readonly role?: string | undefined;
  readonly content?: readonly object[] | undefined;
}
