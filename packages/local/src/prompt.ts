/** Lifetimes a cache point can ask for. */
export type CacheTtl = '5m' | '1h';

/** Parts of a prompt in the order in which the prompt cache sees them. */
export type PromptSection = 'tools' | 'system' | 'messages';

/** One block of a prompt, reduced to what is counted, hashed and answered. */
export interface PromptBlock {
  readonly kind:
    | 'text'
    | 'tool'
    | 'image'
    | 'document'
    | 'video'
    | 'audio'
    | 'toolUse'
    | 'toolResult'
    | 'reasoning'
    | 'other';
  /** The block's bytes as they came, which the prompt cache compares. */
  readonly canonical: string;
  /** Text that is counted by the tokenizer. */
  readonly text: string;
  /** Tokens of what is no text, such as an image. */
  readonly mediaTokens: number;
  /** Set when a cache point stands behind the block. */
  readonly cachePoint?: CacheTtl;
  /** Ids that link tool calls and their results. */
  readonly toolUseId?: string;
}

/** A message of the conversation. */
export interface PromptMessage {
  readonly role: 'user' | 'assistant' | 'system';
  readonly blocks: readonly PromptBlock[];
}

/** A tool the model may call. */
export interface PromptTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

/** Whether and which tool the model has to call. */
export type PromptToolChoice =
  | { readonly type: 'auto' | 'any' | 'none' }
  | { readonly type: 'tool'; readonly name: string };

/** Whether the model thinks before it answers; `default` leaves it to the model. */
export interface PromptThinking {
  readonly mode: 'default' | 'enabled' | 'adaptive' | 'disabled';
  readonly effort?: string;
}

/** A request of any dialect, in the one form that is cached, counted, answered and billed. */
export interface Prompt {
  readonly tools: readonly PromptBlock[];
  readonly system: readonly PromptBlock[];
  readonly messages: readonly PromptMessage[];
  readonly toolSpecs: readonly PromptTool[];
  readonly toolChoice: PromptToolChoice;
  /** Cap on output tokens; absent means the model's maximum. */
  readonly maxTokens?: number;
  readonly stopSequences: readonly string[];
  /** JSON schema of a structured answer. */
  readonly outputSchema?: Readonly<Record<string, unknown>>;
  readonly thinking: PromptThinking;
}
