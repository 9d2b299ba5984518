import type { Dialect } from '@costkit/pricing';
import type { PromptReading } from './prompt-reading.js';
import type { Tags } from './receipt.js';

/** The Bedrock operations that costkit understands; every other command passes through untouched. */
export type InferenceOperation =
  | 'Converse'
  | 'ConverseStream'
  | 'InvokeModel'
  | 'InvokeModelWithResponseStream';

/** The three parts of a prompt, in the order in which Bedrock caches them. */
export type Section = 'tools' | 'system' | 'messages';

/** What a block holds; `other` for what Bedrock has added since. */
export type BlockKind =
  | 'text'
  | 'image'
  | 'document'
  | 'video'
  | 'audio'
  | 'toolSpec'
  | 'systemTool'
  | 'toolUse'
  | 'toolResult'
  | 'guardContent'
  | 'reasoning'
  | 'citations'
  | 'searchResult'
  | 'other';

/** Kinds of content whose tokens no text says. */
export type MediaKind = 'image' | 'document' | 'video' | 'audio';

/** A piece of media in a prompt. */
export interface Media {
  /** What it is. */
  readonly kind: MediaKind;
  /** What the request gives for it: bytes, their base64, or where they lie. To be compared, not to be read as text. */
  readonly source: unknown;
}

/** One piece of a prompt. Cache points are not blocks; see {@link RequestView.cachePoints}. */
export interface Block {
  /** Which part of the prompt it is in. */
  readonly section: Section;
  /** What it holds. */
  readonly kind: BlockKind;
  /** Who says it; absent for tools. */
  readonly role?: 'user' | 'assistant' | 'system';
  /** Which message it is in, counted from 0. */
  readonly messageIndex?: number;
  /** The text that is counted as tokens: the text itself, or JSON for tools and tool results; `''` for media. */
  readonly text: string;
  /** The media that it is, or that are inside a tool result or guarded content; not in `text`. */
  readonly media?: readonly Media[];
}

/** A cache point, placed behind the block at an index of {@link RequestView.blocks}. */
export interface CachePoint {
  /** Index of the block it stands behind. */
  readonly afterBlock: number;
  /** How long the cache keeps what stands before it. @defaultValue `"5m"` */
  readonly ttl?: '5m' | '1h';
}

/** What a request asks of a model. */
export interface RequestFeatures {
  /** It defines tools. */
  readonly tools: boolean;
  /** It holds images. */
  readonly images: boolean;
  /** It holds documents. */
  readonly documents: boolean;
  /** It holds video. */
  readonly video: boolean;
  /** It holds audio. */
  readonly audio: boolean;
  /** It has a system prompt. */
  readonly systemPrompt: boolean;
  /** The answer must follow a JSON schema (structured output or a forced tool). */
  readonly structuredOutput: boolean;
  /** It names a guardrail. */
  readonly guardrail: boolean;
  /** The conversation holds reasoning blocks, whose signatures only their own model accepts. */
  readonly reasoning: boolean;
  /** The last message answers a tool call: the model is in the middle of a loop. */
  readonly toolLoop: boolean;
  /** Thinking was asked for or switched off by the request; `undefined`: the model's default. */
  readonly thinking: boolean | undefined;
}

/** A part of a request that levers must leave as it is. */
export type PinnedPart = 'model' | 'maxTokens' | 'system' | 'tools' | 'messages' | 'cachePoints';

/**
 * One small interface to a request, whatever its body looks like. Views are immutable: every `with…` returns a
 * new view and leaves the caller's input untouched.
 */
export interface RequestView {
  /** What is called. */
  readonly operation: InferenceOperation;
  /** The answer comes as a stream. */
  readonly streaming: boolean;
  /** Whose format the request has; `unknown` for a body that no view can read. */
  readonly dialect: 'converse' | Dialect;
  /** The SDK input behind the view; the very object the caller passed while nothing was changed. */
  readonly input: object;
  /** The id or ARN that is called. */
  readonly modelId: string;
  /** The request's own `requestMetadata`. */
  readonly tags: Tags;
  /** The cap on output tokens; `undefined`: the model's own. */
  readonly maxTokens: number | undefined;
  /** The service tier that the request asks for. */
  readonly tier: string | undefined;
  /** What the prompt holds; the same object for views that leave its blocks as they are. @internal */
  readonly prompt: PromptReading;
  /** Tools, system and messages, in that order. */
  readonly blocks: readonly Block[];
  /** Cache points that are already in the request. */
  readonly cachePoints: readonly CachePoint[];
  /** What the request asks of a model. */
  readonly features: RequestFeatures;
  /** What the request is billed for beside tokens, by the catalogue's names. @defaultValue nothing */
  readonly units?: Readonly<Record<string, number>>;
  /** Which parts must stay as they are, and why. */
  readonly pinned: ReadonlyMap<PinnedPart, string>;
  /** UTF-16 length of all text. */
  readonly textLength: number;
  /** Text of the last user message; `''` when there is none. */
  readonly lastUserText: string;
  /** Texts of the system prompt, joined by line breaks. */
  readonly systemText: string;

  /** Calls another model; a body stays as it is, so the model must be of the same family. */
  withModel(modelId: string): RequestView;
  /** Caps the answer. */
  withMaxTokens(maxTokens: number): RequestView;
  /**
   * Replaces all cache points, the caller's own included. Points behind a block that there is not, or that the format
   * cannot mark, are left out: {@link RequestView.cachePoints} says what was placed.
   */
  withCachePoints(points: readonly CachePoint[]): RequestView;
  /**
   * Appends an instruction as the last text of the last user message, behind every cache point. The same view, where
   * the format or the last turn has no place for it.
   */
  withInstruction(text: string): RequestView;
  /**
   * Appends the cut answer as the assistant's turn and a user turn that asks to go on. The same view, where the format
   * has no turns.
   */
  withContinuation(partialAnswer: string, instruction: string): RequestView;
  /** Adds to the request's `requestMetadata`; entries of the same name are replaced. */
  withMetadata(metadata: Tags): RequestView;
}
