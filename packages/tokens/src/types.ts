/** How an estimate came about. */
export type EstimateMethod =
  /** Counted classes of characters times fitted coefficients. */
  | 'estimated'
  /** The same, corrected by the usage that this model's responses reported. */
  | 'calibrated'
  /** Text counted with tiktoken's o200k instead of estimated. */
  | 'tiktoken'
  /** Counted by Bedrock's CountTokens: exact. */
  | 'countTokens';

/**
 * What a prompt is made of, as far as it decides its tokens. The four kinds of text are in o200k tokens, before
 * the model's own factors; they are kept apart because tokenizers differ on each by another factor.
 */
export interface PromptParts {
  /** Requests with at least one message: 1, or 0 for a bare text. */
  readonly requests: number;
  readonly messages: number;
  /** 1 when the request defines tools, for which models add instructions of their own. */
  readonly toolPrompts: number;
  /** Words in Latin script. */
  readonly words: number;
  /** Digits, punctuation, blanks and line breaks. */
  readonly signs: number;
  /** Chinese, Japanese and Korean. */
  readonly cjk: number;
  /** All other scripts, symbols and emoji. */
  readonly scripts: number;
}

/** How many input tokens something has, and how sure that is. */
export interface TokenEstimate {
  /** The best estimate, a whole number. */
  readonly tokens: number;
  /** At least this many, in all but rare cases. */
  readonly low: number;
  /** At most this many, in all but rare cases. What `unknown` lists is not in it. */
  readonly high: number;
  readonly method: EstimateMethod;
  /** Kinds of content that are present but could not be counted, e.g. `video`; empty when all was counted. */
  readonly unknown: readonly string[];
  /** Tokens of images and documents that are counted by a rule and are part of `tokens`. */
  readonly mediaTokens: number;
  /** What the estimate was made from; a calibration learns from it. */
  readonly parts: PromptParts;
}

/**
 * The parts of a Converse request that cost input tokens. Structural, so that any copy of the AWS SDK fits:
 * `ConverseCommandInput`, `ConverseStreamCommandInput` and the `converse` member of CountTokens are assignable.
 */
export interface ConverseLikeRequest {
  readonly system?: readonly object[] | undefined;
  readonly messages?: readonly ConverseLikeMessage[] | undefined;
  readonly toolConfig?: { readonly tools?: readonly object[] | undefined } | undefined;
  readonly outputConfig?: object | undefined;
}

/** One message of a {@link ConverseLikeRequest}. */
export interface ConverseLikeMessage {
  readonly role?: string | undefined;
  readonly content?: readonly object[] | undefined;
}

/**
 * A request as a list of blocks, whatever its body looks like; the request views of `@costkit/core` are
 * assignable. Blocks of media have an empty text and are listed as unknown.
 */
export interface BlockListRequest {
  readonly blocks: readonly PromptBlock[];
}

/** One block of a {@link BlockListRequest}. */
export interface PromptBlock {
  /** `text`, `toolSpec`, `toolResult`, `image`, … */
  readonly kind: string;
  /** The text that is counted. */
  readonly text: string;
  /** Which message it belongs to; `undefined` for tools and system. */
  readonly messageIndex?: number | undefined;
  /** Media that it is or has inside, whose tokens its text does not say. @defaultValue none */
  readonly media?: readonly { readonly kind: string }[] | undefined;
}

/** Anything whose input tokens can be estimated. */
export type Countable = string | ConverseLikeRequest | BlockListRequest;
