import { checkOptions, isBoolean, isText } from '@costkit/core';
import { estimateTokens } from '@costkit/tokens';
import type { MessageLike } from './window-messages.js';

/** What {@link compactToolResults} takes besides the messages. */
export interface CompactToolResultsOptions {
  /** The model that will read them; decides which form has fewer tokens. */
  readonly model: string;
  /** Whether tables may be written in TOON (lists of equal objects as rows under one head). @defaultValue `true` */
  readonly toon?: boolean;
}

type Members = Readonly<Record<string, unknown>>;

/** Writes JSON in fewer tokens. */
export interface Compactor {
  write(value: unknown): string;
  tokensOf(text: string): number;
}

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;

/**
 * Writes the JSON in tool results in fewer tokens: without blanks, or as TOON where the model counts less for that.
 * Never in more tokens than compact JSON. JSON blocks become text, JSON in text stays text; what is no JSON stays as it
 * is. The same result is always written in the same way, so a cached prefix that holds it stays the same: apply it from
 * a conversation's first turn on, not in the middle.
 *
 * @returns the messages, the very same objects where nothing changed
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * const messages = await compactToolResults(conversation, { model: 'us.anthropic.claude-sonnet-5' });
 * ```
 */
export async function compactToolResults<M extends MessageLike>(
  messages: readonly M[],
  options: CompactToolResultsOptions,
): Promise<M[]> {
  checkOptions<CompactToolResultsOptions>('output-limiter', options, { model: isText, toon: isBoolean });
  const { model, toon = true } = options;
  if (!messages.some(({ content = [] }) => content.some((block) => 'toolResult' in block)))
    return [...messages];
  const compact = await createCompactor(model, toon);
  return messages.map((message) => {
    const { content = [] } = message;
    const changed = content.map((block) => compactBlock(block, compact));
    return changed.every((block, index) => block === content[index])
      ? message
      : { ...message, content: changed };
  });
}

/** For the tokens of one model. */
export async function createCompactor(model: string, toon: boolean): Promise<Compactor> {
  // Not with the package: most applications never write a table.
  const encode = toon ? (await import('@toon-format/toon')).encode : undefined;
  const tokensOf = (text: string): number => estimateTokens(text, { model }).tokens;
  return {
    tokensOf,
    write: (value) => {
      const json = JSON.stringify(value);
      const table = encode?.(value);
      return table !== undefined && tokensOf(table) < tokensOf(json) ? table : json;
    },
  };
}

/** A block with its tool result written in fewer tokens; the same one where there is nothing to gain. */
export function compactBlock(block: object, compact: Compactor): object {
  const { toolResult } = block as { toolResult?: { content?: readonly object[] } };
  const content = toolResult?.content;
  if (content === undefined) return block;
  const changed = content.map((part) => compactPart(part as Members, compact));
  return changed.every((part, index) => part === content[index])
    ? block
    : { ...block, toolResult: { ...toolResult, content: changed } };
}

function compactPart(part: Members, compact: Compactor): Members {
  const { text, json } = part;
  if (json !== undefined) {
    const written = compact.write(json);
    // A block of JSON is sent without blanks anyway.
    return written === JSON.stringify(json) ? part : { text: written };
  }
  if (typeof text !== 'string') return part;
  const value = parsed(text);
  if (value === undefined) return part;
  const written = compact.write(value);
  return compact.tokensOf(written) < compact.tokensOf(text) ? { ...part, text: written } : part;
}

/** A text that is a JSON object or list, with nothing around it, and says the same when it is written again. */
function parsed(text: string): unknown {
  const trimmed = text.trim();
  if (!/^[{[]/.test(trimmed)) return undefined;
  try {
    const value: unknown = JSON.parse(trimmed);
    // Long numbers would be rounded, and a name that stands twice would be lost.
    return isMembers(value) && keepsNumbers(trimmed) && namesOf(value) === countNames(trimmed)
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}

/** Digits that a number keeps for certain. */
const EXACT_DIGITS = 15;

/** Whether the numbers in a JSON text are what they were when they are written again. */
const keepsNumbers = (text: string): boolean =>
  (text.replace(/"(?:[^"\\]|\\.)*"/g, '').match(/-?\d[\d.eE+-]*/g) ?? []).every((written) => {
    const number = Number(written);
    const digits = written.replace(/e.*/i, '').replace(/\D/g, '');
    const isLost = number === 0 ? /[1-9]/.test(digits) : !Number.isFinite(number);
    return String(number) === written || (!isLost && digits.length <= EXACT_DIGITS);
  });

function namesOf(value: unknown): number {
  if (!isMembers(value)) return 0;
  const inner = Object.values(value).reduce<number>((sum, one) => sum + namesOf(one), 0);
  return Array.isArray(value) ? inner : inner + Object.keys(value).length;
}

/** Names of members in a JSON text: strings before a colon. */
const countNames = (text: string): number => text.match(/"(?:[^"\\]|\\.)*"\s*:/g)?.length ?? 0;
