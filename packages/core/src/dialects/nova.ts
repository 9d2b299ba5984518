import type { Block, BlockKind, CachePoint } from '../request-view.js';
import type { ToolUse } from '../response-view.js';
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
  continued,
  type DialectAdapter,
  isToolLoop,
  jsonText,
  NO_FEATURES,
  unknownText,
} from './dialect-adapter.js';
import { holds, readTextless, readToolResult, type Within } from './media-within.js';

function kindOf(block: Body): BlockKind {
  for (const kind of ['text', 'image', 'document', 'video', 'audio', 'toolUse', 'toolResult'] as const) {
    if (block[kind] !== undefined) return kind;
  }
  return block['reasoningContent'] === undefined ? 'other' : 'reasoning';
}

function readContent(kind: BlockKind, block: Body): Within {
  if (kind === 'toolResult') return readToolResult(block['toolResult']);
  if (kind === 'text') return { text: asText(block['text']) };
  if (kind === 'toolUse') return { text: jsonText(block['toolUse']) };
  return kind === 'other' ? { text: unknownText(block) } : readTextless(block);
}

/** Calls `visit` with every block in cache order. */
function visitBlocks(body: Body, visit: (raw: Body, block: Block) => void): void {
  for (const raw of asArray(asRecord(body['toolConfig'])['tools'])) {
    visit(asRecord(raw), { section: 'tools', kind: 'toolSpec', text: jsonText(raw) });
  }
  for (const raw of asArray(body['system'])) {
    const block = asRecord(raw);
    visit(block, { section: 'system', kind: 'text', role: 'system', text: asText(block['text']) });
  }
  for (const [messageIndex, rawMessage] of asArray(body['messages']).entries()) {
    const message = asRecord(rawMessage);
    const role = message['role'] === 'assistant' ? 'assistant' : 'user';
    for (const raw of asArray(message['content'])) {
      const block = asRecord(raw);
      const kind = kindOf(block);
      visit(block, { section: 'messages', kind, role, messageIndex, ...readContent(kind, block) });
    }
  }
}

function read(body: Body): BodyReading {
  const blocks: Block[] = [];
  const cachePoints: CachePoint[] = [];
  visitBlocks(body, (raw, block) => {
    blocks.push(block);
    if (raw['cachePoint'] !== undefined) cachePoints.push({ afterBlock: blocks.length - 1 });
  });
  const has = (kind: BlockKind): boolean => holds(blocks, kind);
  const choice = asRecord(asRecord(body['toolConfig'])['toolChoice']);
  const inference = asRecord(body['inferenceConfig']);
  const thinking = asString(asRecord(body['reasoningConfig'] ?? inference['reasoningConfig'])['type']);
  return {
    blocks,
    cachePoints,
    maxTokens: asNumber(inference['maxTokens']) ?? asNumber(inference['max_new_tokens']),
    features: {
      ...NO_FEATURES,
      tools: has('toolSpec'),
      images: has('image'),
      documents: has('document'),
      video: has('video'),
      audio: has('audio'),
      systemPrompt: blocks.some((block) => block.section === 'system'),
      structuredOutput: choice['tool'] !== undefined || choice['any'] !== undefined,
      reasoning: has('reasoning'),
      toolLoop: isToolLoop(blocks),
      thinking: thinking === undefined ? undefined : thinking !== 'disabled',
    },
  };
}

/** In Nova bodies a cache point sits inside the text block it follows (Bedrock user guide, prompt caching). */
function withCachePoints(body: Body, points: readonly CachePoint[]): Body {
  const wanted = new Set(points.map((point) => point.afterBlock));
  let index = asArray(asRecord(body['toolConfig'])['tools']).length - 1;
  const place = (list: unknown): unknown => {
    let changed = false;
    const placed = asArray(list).map((raw) => {
      index += 1;
      const { cachePoint, ...rest } = asRecord(raw);
      if (!wanted.has(index) && cachePoint === undefined) return raw;
      changed = true;
      return wanted.has(index) ? { ...rest, cachePoint: { type: 'default' } } : rest;
    });
    return changed ? placed : list;
  };
  const system = place(body['system']);
  const messages = asArray(body['messages']).map((raw) => {
    const message = asRecord(raw);
    const content = place(message['content']);
    return content === message['content'] ? raw : { ...message, content };
  });
  return {
    ...body,
    ...(system === undefined ? {} : { system }),
    ...(body['messages'] === undefined ? {} : { messages }),
  };
}

/**
 * Only text holds a point, and none has a time to live: in tools and behind a tool result Nova refuses it as an
 * extraneous key, and a time to live is Anthropic's alone (errors of the service).
 */
function cachePointAt({ afterBlock }: CachePoint, block: Block): CachePoint | undefined {
  return block.kind === 'text' && block.section !== 'tools' ? { afterBlock } : undefined;
}

function withMaxTokens(body: Body, maxTokens: number): Body {
  const inference = asRecord(body['inferenceConfig']);
  const name = inference['max_new_tokens'] === undefined ? 'maxTokens' : 'max_new_tokens';
  return { ...body, inferenceConfig: { ...inference, [name]: maxTokens } };
}

function withInstruction(body: Body, text: string): Body | undefined {
  const messages = asArray(body['messages']);
  const last = asRecord(messages.at(-1));
  if (last['role'] !== 'user' || !Array.isArray(last['content'])) return undefined;
  return {
    ...body,
    messages: [...messages.slice(0, -1), { ...last, content: [...asArray(last['content']), { text }] }],
  };
}

function withContinuation(body: Body, partialAnswer: string, instruction: string): Body {
  return {
    ...body,
    messages: continued(asArray(body['messages']), {
      answer: { text: partialAnswer },
      instruction: { text: instruction },
      listOf: asArray,
    }),
  };
}

/** Usage as Converse and Nova bodies report it; the `…Count` members are aliases of equal value. */
export function readConverseUsage(usage: Body): ReportedUsage {
  const writes: Record<string, number> = {};
  for (const raw of asArray(usage['cacheDetails'])) {
    const { ttl, inputTokens } = asRecord(raw);
    writes[asText(ttl)] = (writes[asText(ttl)] ?? 0) + (asNumber(inputTokens) ?? 0);
  }
  return {
    input: asNumber(usage['inputTokens']),
    output: asNumber(usage['outputTokens']),
    total: asNumber(usage['totalTokens']),
    cacheRead: asNumber(usage['cacheReadInputTokens']) ?? asNumber(usage['cacheReadInputTokenCount']),
    cacheWrite: asNumber(usage['cacheWriteInputTokens']) ?? asNumber(usage['cacheWriteInputTokenCount']),
    writes,
  };
}

const contentOf = (body: Body): readonly Body[] =>
  asArray(asRecord(asRecord(body['output'])['message'])['content']).map(asRecord);

/** A Converse-shaped answer, which Nova bodies share. */
export function readConverseAnswer(body: Body): AnswerReading {
  let text = '';
  const toolUses: ToolUse[] = [];
  for (const block of contentOf(body)) {
    text += asText(block['text']);
    const use = asRecord(block['toolUse']);
    if (use['name'] === undefined) continue;
    toolUses.push({ id: asText(use['toolUseId']), name: asText(use['name']), input: use['input'] });
  }
  return {
    text,
    toolUses,
    stopReason: asString(body['stopReason']),
    usage: body['usage'] === undefined ? undefined : readConverseUsage(asRecord(body['usage'])),
  };
}

/** The answer with another text in place of its own; other blocks stay. */
export function withConverseAnswerText(body: Body, text: string, stopReason: string): Body {
  const output = asRecord(body['output']);
  const others = contentOf(body).filter((block) => block['text'] === undefined);
  return {
    ...body,
    output: { ...output, message: { ...asRecord(output['message']), content: [...others, { text }] } },
    stopReason,
  };
}

/** One event of a Converse-shaped stream. */
export function readConverseEvent(event: Body, reading: ChunkReading): void {
  const delta = asRecord(asRecord(event['contentBlockDelta'])['delta']);
  reading.text +=
    asText(delta['text']) +
    asText(asRecord(delta['toolUse'])['input']) +
    asText(asRecord(delta['reasoningContent'])['text']);
  reading.stopReason = asString(asRecord(event['messageStop'])['stopReason']) ?? reading.stopReason;
  const { usage } = asRecord(event['metadata']);
  // The last report counts: some streams send the usage twice, and a sum would double it.
  if (usage === undefined) return;
  reading.usage = readConverseUsage(asRecord(usage));
  reading.complete = true;
}

/** Nova bodies (`schemaVersion: messages-v1`). */
export const nova: DialectAdapter = {
  read,
  withMaxTokens,
  withInstruction,
  withCachePoints,
  cachePointAt,
  withContinuation,
  readAnswer: readConverseAnswer,
  withAnswerText: withConverseAnswerText,
  readChunk: readConverseEvent,
};
