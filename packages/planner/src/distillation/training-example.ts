/** A turn of a conversation: text alone, as distillation takes it. */
export interface TrainingTurn {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** A prompt that the teacher has answered, or is to answer. */
export interface TrainingExample {
  /** What the application calls this kind of request; the data set is balanced over it. */
  readonly task: string;
  /** The system prompt; `''` when there is none. */
  readonly system: string;
  /** From a user's turn to a user's turn. */
  readonly turns: readonly TrainingTurn[];
  /** The teacher's answer, where it is known. */
  readonly answer?: string;
}

/** Why a request is no example: distillation takes conversations of text alone. */
export type Unsuitable = 'media' | 'tools' | 'turns' | 'empty';

interface Message {
  readonly role?: unknown;
  readonly content?: unknown;
}

const blocksOf = (content: unknown): readonly Record<string, unknown>[] =>
  Array.isArray(content)
    ? content.filter((block): block is Record<string, unknown> => typeof block === 'object' && block !== null)
    : [];

/** The text of blocks; cache points say nothing to a student. */
function textOf(content: unknown): string | Unsuitable {
  const texts: string[] = [];
  for (const block of blocksOf(content)) {
    if (typeof block['text'] === 'string') texts.push(block['text']);
    else if ('toolUse' in block || 'toolResult' in block) return 'tools';
    else if (!('cachePoint' in block)) return 'media';
  }
  const text = texts.join('\n');
  return text.trim() === '' ? 'empty' : text;
}

const UNSUITABLE: ReadonlySet<string> = new Set<Unsuitable>(['media', 'tools', 'turns', 'empty']);

/** Whether {@link exampleOf} has refused a request. */
export const isUnsuitable = (found: TrainingExample | Unsuitable): found is Unsuitable =>
  typeof found === 'string';

/**
 * Makes an example of a Converse request. A last turn of the assistant is left out: it begins the answer.
 *
 * @param request - The request's `system`, `messages` and `toolConfig`; other members do not matter.
 * @returns why it is none, for requests with media, tools or turns that do not alternate.
 *
 * @example
 * ```ts
 * const example = exampleOf({ messages: [{ role: 'user', content: [{ text: 'Hi' }] }] }, 'greeting', 'Hello.');
 * ```
 */
export function exampleOf(
  request: { readonly system?: unknown; readonly messages?: unknown; readonly toolConfig?: unknown },
  task: string,
  answer?: string,
): TrainingExample | Unsuitable {
  if (request.toolConfig !== undefined) return 'tools';
  const messages = Array.isArray(request.messages) ? (request.messages as readonly Message[]) : [];
  const asked = messages.at(-1)?.role === 'assistant' ? messages.slice(0, -1) : messages;
  if (asked.length % 2 === 0) return 'turns';
  const turns: TrainingTurn[] = [];
  for (const [index, { role, content }] of asked.entries()) {
    const expected = index % 2 === 0 ? 'user' : 'assistant';
    if (role !== expected) return 'turns';
    const text = textOf(content);
    if (UNSUITABLE.has(text)) return text as Unsuitable;
    turns.push({ role: expected, text });
  }
  const system = blocksOf(request.system).length === 0 ? '' : textOf(request.system);
  if (system === 'media' || system === 'tools') return system;
  return {
    task,
    system: system === 'empty' ? '' : system,
    turns,
    ...(answer === undefined || answer.trim() === '' ? {} : { answer }),
  };
}
