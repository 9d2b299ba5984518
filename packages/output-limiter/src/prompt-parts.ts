import { estimatedTokens, type RequestView } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';

/** A request of Converse, of any SDK copy. */
export type PromptRequest = { readonly modelId?: string | undefined };

/** A part of the prompt that requests share, and that could be left out. */
export interface PromptPart {
  /** A paragraph of the system prompt, an example in it or in turns, or a tool. */
  readonly kind: 'instruction' | 'example' | 'tool';
  /** Where, e.g. `system, paragraph 3 of 7`, or the name of a tool; no text of the prompt. */
  readonly where: string;
  /** Estimated tokens of each request. */
  readonly tokens: number;
  /** The same request without it; the very same where it is not in there. */
  without<R extends PromptRequest>(request: R): R;
}

/** A part with its text, which stays in here. */
export interface ReadPart extends PromptPart {
  readonly text: string;
}

interface ConverseLike extends PromptRequest {
  readonly system?: readonly { readonly text?: string }[];
  readonly messages?: readonly object[];
  readonly toolConfig?: { readonly tools?: readonly { readonly toolSpec?: { readonly name?: string } }[] };
}

const EXAMPLE = /<example\b[^>]*>[\s\S]*?<\/example>/g;
/** Between paragraphs. */
const GAP = /\n\s*\n/;

const tokensOf = (view: RequestView, text: string): number =>
  Math.round(
    estimatedTokens(viewRequest('Converse', { modelId: view.modelId, system: [{ text }], messages: [] }))
      .total,
  );

/**
 * The parts of a prompt: examples (turns that all requests begin with, and `<example>` elements of the system prompt),
 * paragraphs of the system prompt, and tools.
 *
 * @param requests - of one task; the last says what the prompt is.
 */
export function promptParts(requests: readonly PromptRequest[]): ReadPart[] {
  const last = requests.at(-1) as ConverseLike | undefined;
  if (last === undefined) return [];
  const view = viewRequest('Converse', last);
  const system = (last.system ?? []).map(({ text = '' }) => text);
  const examples = system.flatMap((text) => text.match(EXAMPLE) ?? []);
  const paragraphs = system.flatMap((text) =>
    text
      .replace(EXAMPLE, '\n\n')
      .split(GAP)
      .map((paragraph) => paragraph.trim())
      .filter((paragraph) => paragraph !== ''),
  );
  const inSystem = (kind: PromptPart['kind'], texts: readonly string[], name: string): ReadPart[] =>
    texts.map((text, index) => ({
      kind,
      where: `system, ${name} ${index + 1} of ${texts.length}`,
      tokens: tokensOf(view, text),
      text,
      without: (request) => withoutText(request, text),
    }));
  return [
    ...inSystem('instruction', paragraphs, 'paragraph'),
    ...inSystem('example', examples, 'example'),
    ...exampleTurns(requests as readonly ConverseLike[], view),
    ...tools(last, view),
  ];
}

function withoutText<R extends PromptRequest>(request: R, text: string): R {
  const { system = [] } = request as ConverseLike;
  const changed = system.map((block) => {
    if (block.text?.includes(text) !== true) return block;
    const rest = block.text.replace(text, () => '').replace(/\n(?:\s*\n)+/g, '\n\n');
    return { ...block, text: rest.trim() };
  });
  if (changed.every((block, index) => block === system[index])) return request;
  // A block without text is refused.
  const filled = changed.filter(({ text: rest }) => rest !== '');
  const { system: _, ...others } = request as ConverseLike;
  return (filled.length === 0 ? others : { ...others, system: filled }) as unknown as R;
}

/** Turns with which every request begins, two by two: a question and its answer. */
function exampleTurns(requests: readonly ConverseLike[], view: RequestView): ReadPart[] {
  if (requests.length < 2) return [];
  const texts = requests.map(({ messages = [] }) => messages.map((message) => JSON.stringify(message)));
  const [first = []] = texts;
  // The last message of each is its question, and before it may stand what is only its own.
  const shortest = Math.min(...texts.map(({ length }) => length - 1));
  let shared = 0;
  while (shared < shortest && texts.every((all) => all[shared] === first[shared])) shared += 1;
  const pairs = Math.floor(shared / 2);
  return Array.from({ length: pairs }, (_, pair): ReadPart => {
    const own = [first[2 * pair], first[2 * pair + 1]] as [string, string];
    const text = own.join('\n');
    return {
      kind: 'example',
      where: `messages, example ${pair + 1} of ${pairs}`,
      tokens: tokensOf(view, textIn(view, [2 * pair, 2 * pair + 1])),
      text: textIn(view, [2 * pair]),
      without: (request) => {
        const { messages = [] } = request as ConverseLike;
        const at = messages.findIndex(
          (message, index) =>
            [message, messages[index + 1]].map((one) => JSON.stringify(one)).join('\n') === text,
        );
        return at < 0 ? request : { ...request, messages: messages.toSpliced(at, 2) };
      },
    };
  });
}

const textIn = (view: RequestView, messages: readonly number[]): string =>
  view.blocks
    .filter(({ messageIndex }) => messageIndex !== undefined && messages.includes(messageIndex))
    .map(({ text }) => text)
    .join('\n');

function tools({ toolConfig }: ConverseLike, view: RequestView): ReadPart[] {
  const { perBlock } = estimatedTokens(view);
  return (toolConfig?.tools ?? []).flatMap((tool, index): ReadPart[] => {
    const name = tool.toolSpec?.name;
    if (name === undefined) return [];
    return [
      {
        kind: 'tool',
        where: name,
        tokens: Math.round(perBlock[index] ?? 0),
        text: JSON.stringify(tool),
        without: (request) => {
          const { toolConfig: config, ...others } = request as ConverseLike;
          const left = config?.tools?.filter(({ toolSpec }) => toolSpec?.name !== name) ?? [];
          if (left.length === config?.tools?.length) return request;
          return (left.length === 0
            ? others
            : { ...others, toolConfig: { ...config, tools: left } }) as unknown as typeof request;
        },
      },
    ];
  });
}
