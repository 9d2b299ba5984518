import type { Block, RequestView } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { readTemplate } from './chat-template.js';

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

/**
 * Why a request is no example: distillation takes conversations of text alone. `format`: a body that no view knows, such
 * as one for embeddings, or a prompt in a chat template that is not known.
 */
export type Unsuitable = 'media' | 'tools' | 'turns' | 'empty' | 'format';

type Conversation = Pick<TrainingExample, 'system' | 'turns'>;
type Turn = { readonly role: TrainingTurn['role']; text: string };

/** Formats of conversations. A body of Cohere's Command holds its history where no view looks. */
const CONVERSATIONS: ReadonlySet<RequestView['dialect']> = new Set([
  'converse',
  'anthropic',
  'nova',
  'openai',
  'llama',
  'mistral',
  'ai21',
  'titan-text',
] as const);
/** Whose prompts may hold a whole conversation as one text. */
const TEMPLATED: ReadonlySet<RequestView['dialect']> = new Set(['llama', 'mistral'] as const);

/** Whether {@link exampleOf} has refused a request. */
export const isUnsuitable = (found: TrainingExample | Unsuitable): found is Unsuitable =>
  typeof found === 'string';

/**
 * Makes an example of a Converse request. A last turn of the assistant is the beginning of the answer, and is joined to
 * it.
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
  return exampleOfView(viewRequest('Converse', request), task, answer);
}

/** Makes an example of a request of any family. */
export function exampleOfView(
  view: RequestView,
  task: string,
  answer: string | undefined,
): TrainingExample | Unsuitable {
  if (!CONVERSATIONS.has(view.dialect)) return 'format';
  const found = conversationOf(view);
  if (typeof found === 'string') return found;
  const begun = found.turns.at(-1)?.role === 'assistant' ? found.turns.at(-1)?.text : undefined;
  const turns = begun === undefined ? found.turns : found.turns.slice(0, -1);
  if (turns.length === 0) return 'empty';
  if (
    turns.length % 2 === 0 ||
    turns.some(({ role }, index) => role !== (index % 2 === 0 ? 'user' : 'assistant'))
  )
    return 'turns';
  if (turns.some(({ text }) => text.trim() === '')) return 'empty';
  const joined = answer === undefined ? '' : `${begun ?? ''}${answer}`;
  // Behind a template answers begin with a blank or two.
  const whole = TEMPLATED.has(view.dialect) ? joined.trim() : joined;
  return { task, system: found.system, turns, ...(whole.trim() === '' ? {} : { answer: whole }) };
}

function conversationOf(view: RequestView): Conversation | Unsuitable {
  if (!TEMPLATED.has(view.dialect)) return readBlocks(view.blocks);
  if (hasImages(view)) return 'media';
  const found = readBlocks(view.blocks);
  const [only] = view.blocks;
  return typeof found === 'string' || view.blocks.length !== 1 || only === undefined
    ? found
    : (readTemplate(only.text) ?? 'format');
}

/** Text of blocks that are nothing else; cache points are no blocks, and reasoning is its own model's alone. */
function readBlocks(blocks: readonly Block[]): Conversation | Unsuitable {
  const system: string[] = [];
  const turns: (Turn & { readonly message: number | undefined })[] = [];
  for (const { section, kind, role, messageIndex, text } of blocks) {
    if (section === 'tools' || kind === 'toolUse' || kind === 'toolResult') return 'tools';
    if (kind === 'reasoning') continue;
    if (kind !== 'text') return 'media';
    if (section === 'system' || role === 'system') {
      if (text.trim() !== '') system.push(text);
      continue;
    }
    const last = turns.at(-1);
    if (last !== undefined && last.message === messageIndex) last.text += `\n${text}`;
    else turns.push({ role: role === 'assistant' ? 'assistant' : 'user', text, message: messageIndex });
  }
  return { system: system.join('\n'), turns: turns.map(({ role, text }) => ({ role, text })) };
}

/** Llama's prompts may come with images beside them. */
function hasImages({ input }: RequestView): boolean {
  const { body } = input as { readonly body?: string | Uint8Array };
  const { images } = JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body)) as {
    readonly images?: unknown;
  };
  return Array.isArray(images) && images.length > 0;
}
