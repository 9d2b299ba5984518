import type { CatalogueModel } from '@costkit/pricing/catalogue';
import { arrayOf, isObject, type JsonObject, objectOf, textOf } from '../json.js';
import { imageTokens } from '../money/media-tokens.js';
import type { Prompt, PromptBlock, PromptMessage, PromptToolChoice } from '../prompt.js';
import { type FinishedAnswer, toolUseIdOf } from './finished-answer.js';
import { answerCalls, answerText, answerThinking } from './finished-text.js';
import type { ChunkWriter, InvokeDialect, StreamStart } from './invoke-dialect.js';
import { malformed, readCap, textBlock } from './plain-prompt.js';
import { cacheWriteOf } from './usage-members.js';

const TOOL_CALL_PREFIX = 'chatcmpl-tool-';
const ROLES: Readonly<Record<string, PromptMessage['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  tool: 'user',
  assistant: 'assistant',
};

/** OpenAI's Chat Completions format, which most open-weight models, the newer Mistral ones and Jamba take. */
export const openAiDialect: InvokeDialect = {
  readRequest,
  responseBody: (answer) => ({
    id: `chatcmpl-${answer.requestId}`,
    object: 'chat.completion',
    created: 0,
    model: answer.model.id,
    choices: [{ index: 0, message: message(answer), finish_reason: finishReason(answer) }],
    usage: usage(answer),
  }),
  createChunkWriter,
};

function readRequest(body: JsonObject, model: CatalogueModel): Prompt {
  const messages = arrayOf(body['messages']);
  if (body['messages'] === undefined) throw malformed('#: required key [messages] not found');
  if (messages.length === 0) throw malformed('#/messages: expected minimum item count: 1, found: 0');
  const read = messages.map((value, index) => readMessage(objectOf(value), index));
  // Leading system messages are the system prompt; the cache sees them before the conversation.
  const firstTurn = read.findIndex(({ role }) => role !== 'system');
  const turns = firstTurn === -1 ? [] : read.slice(firstTurn);
  if (turns.length === 0) throw malformed('#/messages: expected at least one user message');
  const tools = arrayOf(body['tools']);
  const format = objectOf(body['response_format']);
  const schema = objectOf(format['json_schema'])['schema'];
  const stop = body['stop'];
  const maxTokens = readCap(body['max_completion_tokens'] ?? body['max_tokens'], 'max_tokens', model);
  return {
    tools: tools.map((tool) => ({
      kind: 'tool',
      canonical: JSON.stringify(tool),
      text: JSON.stringify(objectOf(tool)['function']),
      mediaTokens: 0,
    })),
    system: read.slice(0, read.length - turns.length).flatMap(({ blocks }) => blocks),
    messages: turns,
    toolSpecs: tools.map((tool) => {
      const { name, description, parameters } = objectOf(objectOf(tool)['function']);
      return { name: textOf(name), description: textOf(description), inputSchema: objectOf(parameters) };
    }),
    toolChoice: readToolChoice(body['tool_choice']),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    stopSequences: typeof stop === 'string' ? [stop] : arrayOf(stop).map(textOf),
    ...(format['type'] === 'json_schema' && isObject(schema) ? { outputSchema: schema } : {}),
    thinking: {
      mode: 'default',
      ...(typeof body['reasoning_effort'] === 'string' ? { effort: body['reasoning_effort'] } : {}),
    },
  };
}

function readMessage(value: JsonObject, index: number): PromptMessage {
  const role = ROLES[textOf(value['role'])];
  if (role === undefined)
    throw malformed(`#/messages/${index}/role: ${textOf(value['role'])} is not a valid enum value`);
  const { content } = value;
  const blocks =
    typeof content === 'string'
      ? [textBlock(content)]
      : arrayOf(content).map((part) => readPart(objectOf(part)));
  if (value['role'] === 'tool') {
    const text = blocks.map((block) => block.text).join('\n');
    return {
      role,
      blocks: [
        {
          kind: 'toolResult',
          canonical: JSON.stringify(value),
          text,
          mediaTokens: 0,
          toolUseId: textOf(value['tool_call_id']),
        },
      ],
    };
  }
  const calls = arrayOf(value['tool_calls']).map((call): PromptBlock => {
    const { name, arguments: input } = objectOf(objectOf(call)['function']);
    return {
      kind: 'toolUse',
      canonical: JSON.stringify(call),
      text: `${textOf(name)} ${textOf(input)}`,
      mediaTokens: 0,
      toolUseId: textOf(objectOf(call)['id']),
    };
  });
  if (blocks.length + calls.length === 0)
    throw malformed(`#/messages/${index}: required key [content] not found`);
  return { role, blocks: [...blocks, ...calls] };
}

function readPart(part: JsonObject): PromptBlock {
  if (part['type'] !== 'image_url') return textBlock(textOf(part['text']));
  const url = textOf(objectOf(part['image_url'])['url']);
  return {
    kind: 'image',
    canonical: JSON.stringify(part),
    text: '',
    mediaTokens: imageTokens(url.slice(url.indexOf(',') + 1)),
  };
}

function readToolChoice(choice: unknown): PromptToolChoice {
  if (choice === 'required') return { type: 'any' };
  if (choice === 'none') return { type: 'none' };
  const { name } = objectOf(objectOf(choice)['function']);
  return typeof name === 'string' ? { type: 'tool', name } : { type: 'auto' };
}

function message(answer: FinishedAnswer): JsonObject {
  const thinking = answerThinking(answer);
  const calls = answerCalls(answer).map(({ part, index }) => ({
    id: toolUseIdOf(TOOL_CALL_PREFIX, answer.requestId, index),
    type: 'function',
    function: { name: part.name ?? '', arguments: part.text },
  }));
  return {
    role: 'assistant',
    content: calls.length > 0 && answerText(answer) === '' ? null : answerText(answer),
    ...(thinking === '' ? {} : { reasoning: thinking }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function finishReason(answer: FinishedAnswer): string {
  switch (answer.stopReason) {
    case 'max_tokens':
      return 'length';
    case 'tool_use':
      return 'tool_calls';
    case 'content_filtered':
      return 'content_filter';
    default:
      return 'stop';
  }
}

/** OpenAI's own counts include cached tokens and say how many of them were read. */
function usage(answer: FinishedAnswer): JsonObject {
  const { split, outputTokens } = answer.usage;
  const promptTokens = split.input + split.cacheRead + cacheWriteOf(split);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: outputTokens,
    total_tokens: promptTokens + outputTokens,
    ...(split.cacheRead > 0 ? { prompt_tokens_details: { cached_tokens: split.cacheRead } } : {}),
  };
}

function createChunkWriter(start: StreamStart): ChunkWriter {
  const kinds = new Map<number, string>();
  const chunk = (delta: JsonObject, rest: JsonObject = {}, reason: string | null = null): JsonObject => ({
    id: `chatcmpl-${start.requestId}`,
    object: 'chat.completion.chunk',
    created: 0,
    model: start.model.id,
    choices: [{ index: 0, delta, finish_reason: reason }],
    ...rest,
  });
  return {
    start: () => [chunk({ role: 'assistant', content: '' })],
    event: (event) => {
      if (event.type === 'partStart') {
        kinds.set(event.index, event.part);
        if (event.part !== 'toolUse') return [];
        const call = {
          index: event.index,
          id: toolUseIdOf(TOOL_CALL_PREFIX, start.requestId, event.index),
          type: 'function',
          function: { name: event.name ?? '', arguments: '' },
        };
        return [chunk({ tool_calls: [call] })];
      }
      if (event.type !== 'delta') return [];
      const kind = kinds.get(event.index);
      if (kind === 'toolUse') {
        return [chunk({ tool_calls: [{ index: event.index, function: { arguments: event.text } }] })];
      }
      return [chunk(kind === 'thinking' ? { reasoning: event.text } : { content: event.text })];
    },
    end: (answer, metrics) => [
      chunk({}, { usage: usage(answer), 'amazon-bedrock-invocationMetrics': metrics }, finishReason(answer)),
    ],
  };
}
