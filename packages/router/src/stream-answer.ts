import type { RequestView, ResponseView, ToolUse } from '@costkit/core';
import type { Usage } from '@costkit/pricing';

type Fields = Readonly<Record<string, unknown>>;

/** An answer while it is put together from the events of its stream. */
interface Assembly {
  text: string;
  stopReason: string | undefined;
  /** Tool calls by the position that the stream gives them; `input` is JSON in pieces. */
  readonly tools: Map<unknown, { id: string; name: string; input: string }>;
}

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function openTool(assembly: Assembly, position: unknown, id: unknown, name: unknown): void {
  assembly.tools.set(position, { id: textOf(id), name: textOf(name), input: '' });
}

function extendTool(assembly: Assembly, position: unknown, piece: unknown): void {
  const tool = assembly.tools.get(position);
  if (tool !== undefined) tool.input += textOf(piece);
}

/** Events of ConverseStream; Nova's own streams have the same. */
function readConverseEvent(event: Fields, assembly: Assembly): void {
  const start = fieldsOf(event['contentBlockStart']);
  const toolUse = fieldsOf(start['start'])['toolUse'];
  if (toolUse !== undefined) {
    const { toolUseId, name } = fieldsOf(toolUse);
    openTool(assembly, start['contentBlockIndex'], toolUseId, name);
  }
  const { delta, contentBlockIndex } = fieldsOf(event['contentBlockDelta']);
  assembly.text += textOf(fieldsOf(delta)['text']);
  extendTool(assembly, contentBlockIndex, fieldsOf(fieldsOf(delta)['toolUse'])['input']);
  assembly.stopReason =
    (fieldsOf(event['messageStop'])['stopReason'] as string | undefined) ?? assembly.stopReason;
}

function readAnthropicChunk(chunk: Fields, assembly: Assembly): void {
  const { index } = chunk;
  const block = fieldsOf(chunk['content_block']);
  const delta = fieldsOf(chunk['delta']);
  switch (chunk['type']) {
    case 'content_block_start':
      if (block['type'] === 'tool_use') openTool(assembly, index, block['id'], block['name']);
      else assembly.text += textOf(block['text']);
      break;
    case 'content_block_delta':
      assembly.text += textOf(delta['text']);
      extendTool(assembly, index, delta['partial_json']);
      break;
    case 'message_delta':
      assembly.stopReason = (delta['stop_reason'] as string | null | undefined) ?? assembly.stopReason;
      break;
    default:
  }
}

function readOpenaiChunk(chunk: Fields, assembly: Assembly): void {
  const [choice] = Array.isArray(chunk['choices']) ? chunk['choices'].map(fieldsOf) : [];
  if (choice === undefined) return;
  const delta = fieldsOf(choice['delta']);
  assembly.text += textOf(delta['content']);
  for (const call of Array.isArray(delta['tool_calls']) ? delta['tool_calls'].map(fieldsOf) : []) {
    const { name, arguments: piece } = fieldsOf(call['function']);
    if (name !== undefined) openTool(assembly, call['index'], call['id'], name);
    extendTool(assembly, call['index'], piece);
  }
  assembly.stopReason = (choice['finish_reason'] as string | null | undefined) ?? assembly.stopReason;
}

const READERS: Readonly<Record<string, (event: Fields, assembly: Assembly) => void>> = {
  converse: readConverseEvent,
  nova: readConverseEvent,
  anthropic: readAnthropicChunk,
  openai: readOpenaiChunk,
};

const decoder = new TextDecoder();

/** The JSON that an event of InvokeModelWithResponseStream carries. */
function chunkOf(event: object): Fields {
  const { bytes } = fieldsOf((event as Fields)['chunk']);
  return bytes instanceof Uint8Array ? fieldsOf(JSON.parse(decoder.decode(bytes))) : {};
}

function parsed(input: string): unknown {
  try {
    return JSON.parse(input === '' ? '{}' : input);
  } catch {
    // A tool call that was cut: the check sees the text that there is.
    return input;
  }
}

/** Puts an answer together while the events of its stream come; each is read once. */
export interface AnswerReader {
  add(event: object): void;
  /** How much text there is so far. */
  readonly textLength: number;
  /** What was said so far, as one response. */
  answer(usage: Usage | undefined): ResponseView;
}

/** @returns `undefined` for streams of bodies that no reader knows. */
export function answerReader(view: RequestView): AnswerReader | undefined {
  const read = READERS[view.dialect];
  if (read === undefined) return undefined;
  const assembly: Assembly = { text: '', stopReason: undefined, tools: new Map() };
  return {
    add: (event) => read(view.dialect === 'converse' ? (event as Fields) : chunkOf(event), assembly),
    get textLength() {
      return assembly.text.length;
    },
    answer: (usage) => {
      const { text, stopReason } = assembly;
      const toolUses: ToolUse[] = [...assembly.tools.values()].map(({ id, name, input }) => ({
        id,
        name,
        input: parsed(input),
      }));
      return {
        text,
        toolUses,
        stopReason,
        usage,
        tier: undefined,
        latencyMode: undefined,
        invokedModelId: undefined,
        withText: (other, reason) => ({
          output: { message: { role: 'assistant', content: [{ text: other }] } },
          stopReason: reason,
        }),
      };
    },
  };
}

/**
 * What a stream said, as one response, so that one check serves both kinds of calls.
 *
 * @returns `undefined` for streams of bodies that no reader knows.
 */
export function streamAnswer(
  view: RequestView,
  events: readonly object[],
  usage: Usage | undefined,
): ResponseView | undefined {
  const reader = answerReader(view);
  for (const event of events) reader?.add(event);
  return reader?.answer(usage);
}
