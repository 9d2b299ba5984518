import type { Block, BlockKind, MediaKind } from '../request-view.js';
import type { ReportedUsage } from '../usage.js';
import {
  type AnswerReading,
  asArray,
  asNumber,
  asRecord,
  asString,
  asText,
  type Body,
  type BodyReading,
  type ChunkReading,
  contentBlocks,
  type DialectAdapter,
  jsonText,
  NO_FEATURES,
} from './dialect-adapter.js';

const MEDIA: Readonly<Record<string, MediaKind>> = {
  image_url: 'image',
  input_audio: 'audio',
  file: 'document',
};
const KINDS: Readonly<Record<string, BlockKind>> = { text: 'text', ...MEDIA };

function read(body: Body): BodyReading {
  const blocks: Block[] = asArray(body['tools']).map((tool) => ({
    section: 'tools',
    kind: 'toolSpec',
    text: jsonText(tool),
  }));
  const messages = asArray(body['messages']).map(asRecord);
  for (const message of messages.filter(({ role }) => role === 'system' || role === 'developer')) {
    for (const raw of contentBlocks(message['content'])) {
      blocks.push({ section: 'system', kind: 'text', role: 'system', text: asText(asRecord(raw)['text']) });
    }
  }
  for (const [messageIndex, message] of messages.entries()) {
    if (message['role'] === 'system' || message['role'] === 'developer') continue;
    const role = message['role'] === 'assistant' ? 'assistant' : 'user';
    for (const raw of contentBlocks(message['content'])) {
      const part = asRecord(raw);
      const type = asText(part['type']);
      const kind = message['role'] === 'tool' ? 'toolResult' : (KINDS[type] ?? 'other');
      const media = MEDIA[type];
      blocks.push({
        section: 'messages',
        kind,
        role,
        messageIndex,
        text: asText(part['text']),
        ...(media === undefined ? {} : { media: [{ kind: media, source: part[type] }] }),
      });
    }
    for (const call of asArray(message['tool_calls'])) {
      blocks.push({ section: 'messages', kind: 'toolUse', role, messageIndex, text: jsonText(call) });
    }
  }
  const has = (kind: BlockKind): boolean => blocks.some((block) => block.kind === kind);
  const effort = asString(body['reasoning_effort']);
  return {
    blocks,
    cachePoints: [],
    maxTokens: asNumber(body['max_completion_tokens']) ?? asNumber(body['max_tokens']),
    features: {
      ...NO_FEATURES,
      tools: has('toolSpec'),
      images: has('image'),
      documents: has('document'),
      audio: has('audio'),
      systemPrompt: blocks.some((block) => block.section === 'system'),
      structuredOutput:
        body['response_format'] !== undefined ||
        body['tool_choice'] === 'required' ||
        typeof body['tool_choice'] === 'object',
      toolLoop: messages.at(-1)?.['role'] === 'tool',
      thinking: effort === undefined ? undefined : effort !== 'none',
    },
  };
}

function withMaxTokens(body: Body, maxTokens: number): Body {
  const name = body['max_completion_tokens'] === undefined ? 'max_tokens' : 'max_completion_tokens';
  return { ...body, [name]: maxTokens };
}

function withInstruction(body: Body, text: string): Body | undefined {
  const messages = asArray(body['messages']);
  const last = asRecord(messages.at(-1));
  if (last['role'] !== 'user') return undefined;
  const content =
    typeof last['content'] === 'string'
      ? `${last['content']}\n\n${text}`
      : [...asArray(last['content']), { type: 'text', text }];
  return { ...body, messages: [...messages.slice(0, -1), { ...last, content }] };
}

function withContinuation(body: Body, partialAnswer: string, instruction: string): Body {
  const messages = asArray(body['messages']);
  const last = asRecord(messages.at(-1));
  // Two turns of the assistant in a row are refused; the first is then the answer's own beginning.
  const isBegun = last['role'] === 'assistant' && typeof last['content'] === 'string';
  return {
    ...body,
    messages: [
      ...(isBegun ? messages.slice(0, -1) : messages),
      { role: 'assistant', content: isBegun ? `${asText(last['content'])}${partialAnswer}` : partialAnswer },
      { role: 'user', content: instruction },
    ],
  };
}

/** OpenAI-shaped counts are inclusive: `prompt_tokens` holds the cached tokens too. */
function readUsage(usage: Body): ReportedUsage {
  return {
    input: asNumber(usage['prompt_tokens']),
    output: asNumber(usage['completion_tokens']),
    total: asNumber(usage['total_tokens']),
    cacheRead: asNumber(asRecord(usage['prompt_tokens_details'])['cached_tokens']) ?? 0,
    inclusive: true,
  };
}

function readAnswer(body: Body): AnswerReading {
  const choice = asRecord(asArray(body['choices'])[0]);
  const message = asRecord(choice['message']);
  return {
    text: asText(message['content']),
    toolUses: asArray(message['tool_calls']).map((raw) => {
      const call = asRecord(raw);
      const { name, arguments: input } = asRecord(call['function']);
      return { id: asText(call['id']), name: asText(name), input };
    }),
    stopReason: asString(choice['finish_reason']) ?? asString(choice['stop_reason']),
    usage:
      body['usage'] === undefined || body['usage'] === null ? undefined : readUsage(asRecord(body['usage'])),
  };
}

function withAnswerText(body: Body, text: string, stopReason: string): Body {
  const [first, ...others] = asArray(body['choices']);
  const choice = asRecord(first);
  const message = { ...asRecord(choice['message']), content: text };
  return { ...body, choices: [{ ...choice, message, finish_reason: stopReason }, ...others] };
}

function readChunk(chunk: Body, reading: ChunkReading): void {
  const choice = asRecord(asArray(chunk['choices'])[0]);
  const delta = asRecord(choice['delta'] ?? choice['message']);
  reading.text += asText(delta['content']) + asText(delta['reasoning_content']) + asText(delta['reasoning']);
  for (const call of asArray(delta['tool_calls']))
    reading.text += asText(asRecord(asRecord(call)['function'])['arguments']);
  reading.stopReason = asString(choice['finish_reason']) ?? reading.stopReason;
  if (chunk['usage'] === undefined || chunk['usage'] === null) return;
  reading.usage = readUsage(asRecord(chunk['usage']));
  // Some servers send running counts; those behind the reason to stop are final.
  reading.complete = reading.stopReason !== undefined;
}

/** OpenAI-style chat bodies: gpt-oss, GPT, Mistral chat, Qwen, DeepSeek and others. */
export const openai: DialectAdapter = {
  read,
  withMaxTokens,
  withInstruction,
  withContinuation,
  readAnswer,
  withAnswerText,
  readChunk,
};
