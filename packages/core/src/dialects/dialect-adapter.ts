import type { Block, CachePoint, PinnedPart, RequestFeatures } from '../request-view.js';
import type { ToolUse } from '../response-view.js';
import type { ReportedUsage } from '../usage.js';

/** A parsed JSON body. */
export type Body = Readonly<Record<string, unknown>>;

/** What a request body says. */
export interface BodyReading {
  readonly blocks: readonly Block[];
  readonly cachePoints: readonly CachePoint[];
  readonly maxTokens: number | undefined;
  readonly features: RequestFeatures;
  /** What is billed beside tokens, by the catalogue's name for the unit; one without a rate leaves the cost unknown. */
  readonly units?: Readonly<Record<string, number>>;
  /** Parts that cannot be edited although the format has a place for them, and why. */
  readonly pinned?: ReadonlyMap<PinnedPart, string>;
}

/** What a response body says. */
export interface AnswerReading {
  readonly text: string;
  readonly toolUses: readonly ToolUse[];
  readonly stopReason: string | undefined;
  readonly usage: ReportedUsage | undefined;
}

/** Collects what the chunks of a stream say. */
export interface ChunkReading {
  text: string;
  stopReason: string | undefined;
  usage: ReportedUsage | undefined;
  /** The family's own last word has come, with the usage: nothing is missing should Bedrock add no metrics. */
  complete: boolean;
}

/** What nothing has been read of. */
export const noChunks = (): ChunkReading => ({
  text: '',
  stopReason: undefined,
  usage: undefined,
  complete: false,
});

/**
 * How one family of InvokeModel bodies is read and edited. An edit that is absent is impossible for the family:
 * its views pin that part.
 */
export interface DialectAdapter {
  read(body: Body): BodyReading;
  withMaxTokens?(body: Body, maxTokens: number): Body;
  withInstruction?(body: Body, text: string): Body | undefined;
  /** Replaces all cache points; the points are where {@link DialectAdapter.cachePointAt} says. */
  withCachePoints?(body: Body, points: readonly CachePoint[]): Body;
  /** The point as the format can hold it behind a block, or `undefined`. @defaultValue any block, as it is */
  cachePointAt?(point: CachePoint, block: Block): CachePoint | undefined;
  withContinuation?(body: Body, partialAnswer: string, instruction: string): Body;
  readAnswer(body: Body): AnswerReading;
  withAnswerText?(body: Body, text: string, stopReason: string): Body;
  /** Streams of the family: reads one chunk. */
  readChunk?(chunk: Body, reading: ChunkReading): void;
}

export const NO_FEATURES: RequestFeatures = {
  tools: false,
  images: false,
  documents: false,
  video: false,
  audio: false,
  systemPrompt: false,
  structuredOutput: false,
  guardrail: false,
  reasoning: false,
  toolLoop: false,
  thinking: undefined,
};

const NO_MEMBERS: Body = Object.freeze({});
const NO_ELEMENTS: readonly unknown[] = Object.freeze([]);

export const asRecord = (value: unknown): Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : NO_MEMBERS;

export const asArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : NO_ELEMENTS);

/** Content of a message, which several formats let be one text. */
export const contentBlocks = (content: unknown): readonly unknown[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : asArray(content);

/** Who says a message, in formats with system messages between the turns. */
export const roleOf = ({ role }: Body): 'assistant' | 'system' | 'user' =>
  role === 'assistant' || role === 'system' ? role : 'user';

/** Whether the last message answers a tool call: the model is in the middle of a loop. */
export function isToolLoop(blocks: readonly Block[]): boolean {
  const last = blocks.at(-1)?.messageIndex;
  return (
    last !== undefined && blocks.some((block) => block.messageIndex === last && block.kind === 'toolResult')
  );
}

export const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

export const asNumber = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined;

export const asString = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

// Applications send the same tool objects again and again; their JSON is made once.
const texts = new WeakMap<object, string>();

/** JSON of a value, remembered by identity for objects. */
export function jsonText(value: unknown): string {
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? value : String(value ?? '');
  const before = texts.get(value);
  if (before !== undefined) return before;
  const text = JSON.stringify(value) ?? '';
  texts.set(value, text);
  return text;
}

/** A block of a kind that Bedrock has added since: all of it but bytes, which are no text. */
export const unknownText = (block: Body): string =>
  JSON.stringify(block, (_, value: unknown) => (value instanceof Uint8Array ? undefined : value));

/**
 * The messages with a cut answer and a request to go on behind them. Where the caller has begun the assistant's turn,
 * the cut answer continues it: two turns of one role in a row are refused.
 */
export function continued(
  messages: readonly unknown[],
  turn: {
    readonly answer: Body;
    readonly instruction: Body;
    readonly listOf: (content: unknown) => readonly unknown[];
  },
): readonly unknown[] {
  const last = asRecord(messages.at(-1));
  const isBegun = last['role'] === 'assistant';
  return [
    ...(isBegun ? messages.slice(0, -1) : messages),
    { role: 'assistant', content: [...(isBegun ? turn.listOf(last['content']) : []), turn.answer] },
    { role: 'user', content: [turn.instruction] },
  ];
}
