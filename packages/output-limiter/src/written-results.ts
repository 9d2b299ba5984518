import { createHash } from 'node:crypto';
import { type Compactor, compactBlock, createCompactor } from './compact-tool-results.js';
import type { MessageLike } from './window-messages.js';

/** Parts of a tool result that are written anew, as text. */
type WrittenParts = ReadonlyMap<number, { readonly text: string }>;

/** A tool result in fewer tokens. */
interface WrittenResult {
  /** What becomes of its parts, by their index; the others stay. */
  readonly parts: WrittenParts;
  readonly savedTokens: number;
  /** Whether it was sent like this. */
  sent: boolean;
}

/** Where in a conversation it stands. */
export interface PlacedResult {
  readonly messageIndex: number;
  readonly blockIndex: number;
  readonly written: WrittenResult;
}

/** A block of Converse. */
export interface ToolResultBlock {
  readonly toolResult?: { readonly toolUseId?: string; readonly content?: readonly ResultPart[] };
}

interface ResultPart {
  readonly text?: unknown;
  readonly json?: unknown;
}

/** Results that are remembered, the latest ones. */
const MAX_RESULTS = 2_000;

/** Writes tool results in fewer tokens, each of them once, and remembers which were sent so. */
export interface WrittenResults {
  /** The results of a conversation that have fewer tokens for a model when they are compacted. */
  find(messages: readonly MessageLike[], model: string): Promise<PlacedResult[]>;
}

export function writtenResults(toon: boolean): WrittenResults {
  const remembered = new Map<string, WrittenResult | undefined>();

  /** `undefined`: there is nothing to gain. */
  const writtenOf = (
    block: ToolResultBlock,
    model: string,
    compact: Compactor,
  ): WrittenResult | undefined => {
    const key = keyOf(block, model);
    const written = remembered.has(key) ? remembered.get(key) : writeResult(block, compact);
    // The latest last.
    remembered.delete(key);
    remembered.set(key, written);
    if (remembered.size > MAX_RESULTS) remembered.delete(remembered.keys().next().value as string);
    return written;
  };

  return {
    find: async (messages, model) => {
      const compact = await createCompactor(model, toon);
      return messages.flatMap(({ content = [] }, messageIndex) =>
        content.flatMap((block: ToolResultBlock, blockIndex): PlacedResult[] => {
          const written = block.toolResult === undefined ? undefined : writtenOf(block, model, compact);
          return written === undefined ? [] : [{ messageIndex, blockIndex, written }];
        }),
      );
    },
  };
}

/** By what can be compacted of it. */
function keyOf({ toolResult }: ToolResultBlock, model: string): string {
  const parts = (toolResult?.content ?? []).map(({ text, json }) => [text, json]);
  return createHash('sha256')
    .update(JSON.stringify([model, toolResult?.toolUseId, parts]))
    .digest('base64');
}

function writeResult(block: ToolResultBlock, compact: Compactor): WrittenResult | undefined {
  const whole = block.toolResult?.content ?? [];
  const compacted = (compactBlock(block, compact) as ToolResultBlock).toolResult?.content ?? [];
  const parts = new Map<number, { readonly text: string }>();
  let savedTokens = 0;
  for (const [index, part] of compacted.entries()) {
    const before = whole[index] as ResultPart;
    if (part === before) continue;
    const text = textOf(part);
    parts.set(index, { text });
    savedTokens += compact.tokensOf(textOf(before)) - compact.tokensOf(text);
  }
  return savedTokens > 0 ? { parts, savedTokens, sent: false } : undefined;
}

const textOf = ({ text, json }: ResultPart): string =>
  typeof text === 'string' ? text : JSON.stringify(json);

/**
 * The messages with some of their results written in fewer tokens; the others are the very same objects.
 *
 * @param write - puts parts into a block, in the form that the messages have.
 */
export function withWritten<M extends { readonly content?: string | readonly object[] | undefined }>(
  messages: readonly M[],
  results: readonly PlacedResult[],
  write: (block: object, parts: WrittenParts) => object,
): M[] {
  const changed = [...messages];
  for (const { messageIndex, blockIndex, written } of results) {
    const message = changed[messageIndex] as M;
    const content = [...((message.content ?? []) as readonly object[])];
    content[blockIndex] = write(content[blockIndex] as object, written.parts);
    changed[messageIndex] = { ...message, content };
  }
  return changed;
}
