import type { JsonObject } from '../json.js';
import type { Prompt } from '../prompt.js';

/** Why a model stopped. */
export type ModelStopReason = 'end_turn' | 'tool_use' | 'max_tokens' | 'stop_sequence' | 'content_filtered';

/** One part of an answer. */
export type AnswerPart =
  | { readonly type: 'thinking'; readonly text: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'toolUse'; readonly name: string; readonly input: JsonObject };

/** A whole answer, before caps and stop sequences are applied to it. */
export interface ModelAnswer {
  readonly parts: readonly AnswerPart[];
  /** Why the model itself stopped. @defaultValue `tool_use` after a tool call, else `end_turn` */
  readonly stopReason?: ModelStopReason;
  /** What the answer is billed as, where that is known better than by counting its text. */
  readonly outputTokens?: number;
}

/** What a model is asked. */
export interface ModelRequest {
  /** The foundation-model id. */
  readonly modelId: string;
  readonly prompt: Prompt;
  /** All text of the system prompt. */
  readonly systemText: string;
  /** All text of the last user message that has any. */
  readonly userText: string;
  /** Whether this call thinks before it answers. */
  readonly thinks: boolean;
  /** The server's seed: same seed, same answers. */
  readonly seed: string;
  /** Tokens in a text, as the server bills them. */
  countTokens(text: string): number;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

/** A model behind a model id of the local Bedrock. */
export interface LocalModel {
  /** What it is, for reports: `simulated`, `recorded`, … */
  readonly kind: string;
  /** The whole answer to a request. */
  answer(request: ModelRequest): ModelAnswer | Promise<ModelAnswer>;
  /**
   * Yields the answer as it comes into being. Parts of the same type in a row are one part.
   * @defaultValue the whole answer, cut into frames
   */
  stream?(request: ModelRequest): AsyncIterable<AnswerPart>;
}
