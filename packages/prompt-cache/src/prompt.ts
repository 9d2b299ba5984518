import type {
  ContentBlock,
  Message,
  SystemContentBlock,
  Tool,
  ToolChoice,
  ToolConfiguration,
} from '@aws-sdk/client-bedrock-runtime';
import { canonicalJson, canonicalText } from './canonical.js';
import { PromptError } from './errors.js';

/** A document of a prompt: text, which goes into the system prompt, or a file, which goes into the first user turn. */
export type PromptDocument =
  | { readonly name: string; readonly text: string }
  | {
      readonly name: string;
      readonly format: NonNullable<NonNullable<ContentBlock['document']>['format']>;
      readonly bytes: Uint8Array;
    };

/** A question and the answer that shows how to answer it. */
export interface PromptExample {
  readonly user: string;
  readonly assistant: string;
}

/** The parts of a Converse input that {@link prompt} makes. */
export interface BuiltPrompt {
  readonly toolConfig?: ToolConfiguration;
  readonly system?: SystemContentBlock[];
  readonly messages: Message[];
}

/** The last stage: nothing may follow what changes with every request. */
export interface PromptEnd {
  /** @throws {@link PromptError} when the prompt does not end with a user's turn. */
  build(): BuiltPrompt;
}

/** After the history. */
export interface PromptAfterHistory extends PromptEnd {
  /**
   * What changes with every request: the question, the time, the user's name. Goes into the last user turn,
   * behind everything that can be cached.
   */
  volatile(...content: readonly (string | ContentBlock)[]): PromptEnd;
}

/** After the examples. */
export interface PromptAfterExamples {
  /** Earlier turns of the conversation, as they were sent and received, without examples and documents. */
  history(messages: readonly Message[]): PromptAfterHistory;
  /** {@inheritDoc PromptAfterHistory.volatile} */
  volatile(...content: readonly (string | ContentBlock)[]): PromptEnd;
}

/** After the documents. */
export interface PromptAfterDocuments extends PromptAfterExamples {
  /** Examples, as turns of a conversation in the order given. */
  examples(examples: readonly PromptExample[]): PromptAfterExamples;
}

/** After the stable instructions. */
export interface PromptAfterStable extends PromptAfterDocuments {
  /** A document that many requests share; give several in the same order every time. */
  document(document: PromptDocument): PromptAfterStable;
}

/** After the tools. */
export interface PromptAfterTools extends PromptAfterStable {
  /** Instructions that are the same in every request; blanks at line ends and around the text are dropped. */
  stable(...texts: readonly string[]): PromptAfterTools;
}

/** Builds a prompt whose parts are in the order in which they can be cached. */
export interface PromptBuilder extends PromptAfterTools {
  /**
   * Tools, put in the order of their names, with the keys of their schemas in order.
   * @param toolChoice - a part of the request that is no part of the cached tools
   */
  tools(tools: readonly Tool[], toolChoice?: ToolChoice): PromptAfterTools;
}

interface Parts {
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice | undefined;
  readonly system: readonly string[];
  readonly files: readonly ContentBlock[];
  readonly examples: readonly PromptExample[];
  readonly history: readonly Message[];
  readonly volatile: readonly ContentBlock[];
}

const EMPTY: Parts = {
  tools: [],
  toolChoice: undefined,
  system: [],
  files: [],
  examples: [],
  history: [],
  volatile: [],
};

/** A cache point may not stand behind every kind of file; behind a text it may. */
const END_OF_FILES: ContentBlock = { text: 'The documents end here.' };

/**
 * Starts a prompt. Stable parts come first and are brought into one canonical form, what changes with every
 * request comes last; another order does not compile. Every step returns a new builder, so a common beginning can
 * be kept and continued in many ways.
 *
 * @example
 * ```ts
 * const handbook = prompt().tools(tools).stable('You answer from the handbook.').document({ name: 'Handbook', text });
 * const { system, toolConfig, messages } = handbook.history(turns).volatile(question).build();
 * ```
 */
export function prompt(): PromptBuilder {
  return builderOf(EMPTY);
}

function builderOf(parts: Parts): PromptBuilder & PromptAfterHistory {
  const withParts = (changes: Partial<Parts>): PromptBuilder & PromptAfterHistory =>
    builderOf({ ...parts, ...changes });
  return {
    tools: (tools, toolChoice) => withParts({ tools: canonicalTools(tools), toolChoice }),
    stable: (...texts) =>
      withParts({ system: [...parts.system, ...texts.map(canonicalText).filter((text) => text !== '')] }),
    document: (document) =>
      'text' in document
        ? withParts({ system: [...parts.system, documentText(document.name, document.text)] })
        : withParts({ files: [...parts.files, fileOf(document)] }),
    examples: (examples) => withParts({ examples: [...examples] }),
    history: (history) => withParts({ history: [...history] }),
    volatile: (...content) =>
      withParts({ volatile: content.map((one) => (typeof one === 'string' ? { text: one } : one)) }),
    build: () => build(parts),
  };
}

function canonicalTools(tools: readonly Tool[]): readonly Tool[] {
  const names = tools.map(nameOf);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new PromptError(`two tools are called "${twice}". Give every tool a name of its own.`);
  }
  return tools.map(canonicalJson).sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

function nameOf(tool: Tool): string {
  const name = tool.toolSpec?.name ?? tool.systemTool?.name;
  if (name === undefined)
    throw new PromptError('a tool has no name. Give tools only; cache points are placed later.');
  return name;
}

function documentText(name: string, text: string): string {
  return `<document name=${JSON.stringify(name)}>\n${canonicalText(text)}\n</document>`;
}

function fileOf({ name, format, bytes }: Exclude<PromptDocument, { readonly text: string }>): ContentBlock {
  return { document: { name, format, source: { bytes } } };
}

function build({ tools, toolChoice, system, files, examples, history, volatile }: Parts): BuiltPrompt {
  const shown = examples.flatMap(({ user, assistant }): Message[] => [
    { role: 'user', content: [{ text: canonicalText(user) }] },
    { role: 'assistant', content: [{ text: canonicalText(assistant) }] },
  ]);
  const messages = withVolatile(withFiles([...shown, ...history], shown.length, files), volatile);
  if (messages.at(-1)?.role !== 'user') {
    throw new PromptError("the prompt does not end with a user's turn. Add the question with volatile().");
  }
  return {
    ...(tools.length === 0
      ? {}
      : { toolConfig: { tools: [...tools], ...(toolChoice === undefined ? {} : { toolChoice }) } }),
    ...(system.length === 0 ? {} : { system: system.map((text) => ({ text })) }),
    messages,
  };
}

/** Files stand at the start of the conversation's first user turn, where they are the same in every later request. */
function withFiles(
  messages: readonly Message[],
  at: number,
  files: readonly ContentBlock[],
): readonly Message[] {
  if (files.length === 0) return messages;
  const block = [...files, END_OF_FILES];
  const first = messages[at];
  if (first?.role !== 'user')
    return [...messages.slice(0, at), { role: 'user', content: block }, ...messages.slice(at)];
  return messages.with(at, { ...first, content: [...block, ...(first.content ?? [])] });
}

function withVolatile(messages: readonly Message[], content: readonly ContentBlock[]): Message[] {
  if (content.length === 0) return [...messages];
  const last = messages.at(-1);
  if (last?.role !== 'user') return [...messages, { role: 'user', content: [...content] }];
  return [...messages.slice(0, -1), { ...last, content: [...(last.content ?? []), ...content] }];
}
