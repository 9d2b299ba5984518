import {
  asArray,
  asRecord,
  asString,
  asText,
  type Body,
  isToolLoop,
  jsonText,
  roleOf,
  unknownText,
} from './dialects/dialect-adapter.js';
import { holds, readTextless, readToolResult, type Within } from './dialects/media-within.js';
import type { Block, BlockKind, CachePoint, RequestFeatures } from './request-view.js';

const KINDS: readonly BlockKind[] = [
  'text',
  'image',
  'document',
  'video',
  'audio',
  'toolUse',
  'toolResult',
  'guardContent',
  'searchResult',
];

function kindOf(block: Body): BlockKind {
  for (const kind of KINDS) if (block[kind] !== undefined) return kind;
  if (block['reasoningContent'] !== undefined) return 'reasoning';
  return block['citationsContent'] === undefined ? 'other' : 'citations';
}

function contentOf(kind: BlockKind, block: Body): Within {
  switch (kind) {
    case 'text':
      return { text: asText(block['text']) };
    case 'toolResult':
      return readToolResult(block['toolResult']);
    case 'toolUse':
    case 'searchResult':
    case 'citations':
      return { text: jsonText(block[kind === 'citations' ? 'citationsContent' : kind]) };
    case 'guardContent': {
      const guarded = asRecord(block['guardContent']);
      return { ...readTextless(guarded), text: asText(asRecord(guarded['text'])['text']) };
    }
    case 'reasoning':
      return { text: asText(asRecord(asRecord(block['reasoningContent'])['reasoningText'])['text']) };
    case 'other':
      return { text: unknownText(block) };
    default:
      return readTextless(block);
  }
}

/** What a Converse input holds, read once for all views of it. */
interface ConverseReading {
  readonly blocks: readonly Block[];
  readonly cachePoints: readonly CachePoint[];
}

/** Reads the blocks of a Converse input in cache order: tools, system, messages. */
export function readConverseBlocks(input: Body): ConverseReading {
  const blocks: Block[] = [];
  const cachePoints: CachePoint[] = [];
  /** Takes a cache point down. @returns whether it is one. */
  const readCachePoint = (raw: Body): boolean => {
    if (raw['cachePoint'] === undefined) return false;
    const { ttl } = asRecord(raw['cachePoint']);
    cachePoints.push({ afterBlock: blocks.length - 1, ...(ttl === '5m' || ttl === '1h' ? { ttl } : {}) });
    return true;
  };
  for (const raw of asArray(asRecord(input['toolConfig'])['tools'])) {
    const tool = asRecord(raw);
    if (readCachePoint(tool)) continue;
    const kind = tool['toolSpec'] === undefined ? 'systemTool' : 'toolSpec';
    blocks.push({ section: 'tools', kind, text: jsonText(raw) });
  }
  for (const raw of asArray(input['system'])) {
    const block = asRecord(raw);
    if (readCachePoint(block)) continue;
    const kind = kindOf(block);
    blocks.push({ section: 'system', kind, role: 'system', ...contentOf(kind, block) });
  }
  for (const [messageIndex, rawMessage] of asArray(input['messages']).entries()) {
    const message = asRecord(rawMessage);
    const role = roleOf(message);
    for (const raw of asArray(message['content'])) {
      const block = asRecord(raw);
      if (readCachePoint(block)) continue;
      const kind = kindOf(block);
      const { text, media } = contentOf(kind, block);
      // Most blocks have none, and what is spread takes longer than all else here.
      blocks.push(
        media === undefined
          ? { section: 'messages', kind, role, messageIndex, text }
          : { section: 'messages', kind, role, messageIndex, text, media },
      );
    }
  }
  return { blocks, cachePoints };
}

/** What a Converse input asks of a model. */
export function converseFeatures(input: Body, blocks: readonly Block[]): RequestFeatures {
  const kinds = new Set(blocks.map((block) => block.kind));
  const choice = asRecord(asRecord(input['toolConfig'])['toolChoice']);
  const extra = asRecord(input['additionalModelRequestFields']);
  // Claude's member (and its earlier name), and Nova's.
  const thinking = asString(
    asRecord(extra['thinking'] ?? extra['reasoning_config'] ?? extra['reasoningConfig'])['type'],
  );
  return {
    tools: kinds.has('toolSpec') || kinds.has('systemTool'),
    images: holds(blocks, 'image'),
    documents: holds(blocks, 'document'),
    video: holds(blocks, 'video'),
    audio: holds(blocks, 'audio'),
    systemPrompt: blocks.some((block) => block.section === 'system'),
    structuredOutput:
      asRecord(input['outputConfig'])['textFormat'] !== undefined ||
      choice['tool'] !== undefined ||
      choice['any'] !== undefined,
    guardrail: input['guardrailConfig'] !== undefined,
    reasoning: kinds.has('reasoning'),
    toolLoop: isToolLoop(blocks),
    thinking: thinking === undefined ? undefined : thinking !== 'disabled',
  };
}

/** The input with cache points behind the named blocks and nowhere else; lists without a change stay the same. */
export function withConversePoints(input: Body, points: readonly CachePoint[]): Body {
  const wanted = new Map(points.map((point) => [point.afterBlock, point]));
  let index = -1;
  const place = (list: unknown): unknown => {
    const blocks = asArray(list);
    let placed: unknown[] | undefined;
    for (let at = 0; at < blocks.length; at++) {
      if (asRecord(blocks[at])['cachePoint'] !== undefined) {
        placed ??= blocks.slice(0, at);
        continue;
      }
      index += 1;
      placed?.push(blocks[at]);
      const point = wanted.get(index);
      if (point === undefined) continue;
      placed ??= blocks.slice(0, at + 1);
      placed.push({
        cachePoint: { type: 'default', ...(point.ttl === undefined ? {} : { ttl: point.ttl }) },
      });
    }
    return placed ?? list;
  };
  const toolConfig = asRecord(input['toolConfig']);
  const tools = place(toolConfig['tools']);
  const system = place(input['system']);
  const messages = asArray(input['messages']).map((raw) => {
    const message = asRecord(raw);
    const content = place(message['content']);
    return content === message['content'] ? raw : { ...message, content };
  });
  return {
    ...input,
    ...(tools === toolConfig['tools'] ? {} : { toolConfig: { ...toolConfig, tools } }),
    ...(system === input['system'] ? {} : { system }),
    ...(input['messages'] === undefined ? {} : { messages }),
  };
}
