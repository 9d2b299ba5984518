import type { Block, BlockKind, CachePoint, PinnedPart, RequestFeatures } from '../request-view.js';
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
  continued,
  type DialectAdapter,
  isToolLoop,
  jsonText,
  NO_FEATURES,
  roleOf,
  unknownText,
} from './dialect-adapter.js';
import { holds, readTextless, readToolResult, type Within } from './media-within.js';

const KINDS: Readonly<Record<string, BlockKind>> = {
  text: 'text',
  image: 'image',
  document: 'document',
  tool_use: 'toolUse',
  tool_result: 'toolResult',
  thinking: 'reasoning',
  redacted_thinking: 'reasoning',
  search_result: 'searchResult',
};

function contentOf(kind: BlockKind, block: Body): Within {
  switch (kind) {
    case 'text':
      return { text: asText(block['text']) };
    case 'toolUse':
      return { text: asText(block['name']) + jsonText(block['input']) };
    case 'toolResult':
      return readToolResult(block['content']);
    case 'reasoning':
      return { text: asText(block['thinking']) };
    case 'searchResult':
    case 'other': {
      const { cache_control: _, ...rest } = block;
      return { text: unknownText(rest) };
    }
    default:
      return readTextless(block);
  }
}

/** Calls `visit` with every block in cache order: tools, system, messages. */
function visitBlocks(body: Body, visit: (raw: Body, block: Block) => void): void {
  for (const raw of asArray(body['tools'])) {
    const tool = asRecord(raw);
    const { cache_control: _, ...rest } = tool;
    visit(tool, {
      section: 'tools',
      kind: 'toolSpec',
      text: jsonText(tool['cache_control'] === undefined ? tool : rest),
    });
  }
  for (const raw of contentBlocks(body['system'])) {
    const block = asRecord(raw);
    visit(block, { section: 'system', kind: 'text', role: 'system', text: asText(block['text']) });
  }
  for (const [messageIndex, rawMessage] of asArray(body['messages']).entries()) {
    const message = asRecord(rawMessage);
    const role = roleOf(message);
    for (const raw of contentBlocks(message['content'])) {
      const block = asRecord(raw);
      const kind = KINDS[asText(block['type'])] ?? 'other';
      visit(block, { section: 'messages', kind, role, messageIndex, ...contentOf(kind, block) });
    }
  }
}

function read(body: Body): BodyReading {
  const blocks: Block[] = [];
  const cachePoints: CachePoint[] = [];
  visitBlocks(body, (raw, block) => {
    blocks.push(block);
    if (raw['cache_control'] === undefined || raw['cache_control'] === null) return;
    const ttl = asRecord(raw['cache_control'])['ttl'];
    cachePoints.push({ afterBlock: blocks.length - 1, ...(ttl === '5m' || ttl === '1h' ? { ttl } : {}) });
  });
  return {
    blocks,
    cachePoints,
    maxTokens: asNumber(body['max_tokens']),
    features: featuresOf(body, blocks),
    ...(hasHiddenPoints(body) ? { pinned: HIDDEN_POINTS } : {}),
  };
}

const HIDDEN_POINTS: ReadonlyMap<PinnedPart, string> = new Map([
  ['cachePoints', 'the request sets cache points inside tool results, or lets the service place them'],
]);

/** Cache points that no block of a view stands for; they count towards the maximum all the same. */
function hasHiddenPoints(body: Body): boolean {
  const isPoint = (value: unknown): boolean =>
    asRecord(asRecord(value)['cache_control'])['type'] !== undefined;
  return (
    isPoint(body) ||
    asArray(body['messages']).some((message) =>
      asArray(asRecord(message)['content']).some((block) =>
        asArray(asRecord(block)['content']).some((inner) => isPoint(inner)),
      ),
    )
  );
}

function featuresOf(body: Body, blocks: readonly Block[]): RequestFeatures {
  const has = (kind: BlockKind): boolean => holds(blocks, kind);
  const choice = asRecord(body['tool_choice'])['type'];
  const thinking = asString(asRecord(body['thinking'])['type']);
  return {
    ...NO_FEATURES,
    tools: has('toolSpec'),
    images: has('image'),
    documents: has('document'),
    systemPrompt: blocks.some((block) => block.section === 'system'),
    structuredOutput:
      asRecord(body['output_config'])['format'] !== undefined || choice === 'tool' || choice === 'any',
    reasoning: has('reasoning'),
    toolLoop: isToolLoop(blocks),
    thinking: thinking === undefined ? undefined : thinking !== 'disabled',
  };
}

/** Rebuilds the lists of a body with cache points behind the named blocks and nowhere else. */
function withCachePoints(body: Body, points: readonly CachePoint[]): Body {
  const wanted = new Map(points.map((point) => [point.afterBlock, point]));
  let index = -1;
  const place = (content: unknown): unknown => {
    const list = contentBlocks(content);
    let changed = false;
    const placed = list.map((raw) => {
      index += 1;
      const block = asRecord(raw);
      const point = wanted.get(index);
      if (point === undefined && block['cache_control'] === undefined) return raw;
      changed = true;
      const { cache_control: _, ...rest } = block;
      return point === undefined
        ? rest
        : {
            ...rest,
            cache_control: { type: 'ephemeral', ...(point.ttl === undefined ? {} : { ttl: point.ttl }) },
          };
    });
    return changed ? placed : content;
  };
  const tools = place(body['tools']);
  const system = place(body['system']);
  const messages = asArray(body['messages']).map((raw) => {
    const message = asRecord(raw);
    const content = place(message['content']);
    return content === message['content'] ? raw : { ...message, content };
  });
  return {
    ...body,
    ...(tools === undefined ? {} : { tools }),
    ...(system === undefined ? {} : { system }),
    ...(body['messages'] === undefined ? {} : { messages }),
  };
}

function withInstruction(body: Body, text: string): Body | undefined {
  const messages = asArray(body['messages']);
  const last = asRecord(messages.at(-1));
  if (last['role'] !== 'user') return undefined;
  const content = [...contentBlocks(last['content']), { type: 'text', text }];
  return { ...body, messages: [...messages.slice(0, -1), { ...last, content }] };
}

function withContinuation(body: Body, partialAnswer: string, instruction: string): Body {
  return {
    ...body,
    messages: continued(asArray(body['messages']), {
      answer: { type: 'text', text: partialAnswer },
      instruction: { type: 'text', text: instruction },
      listOf: contentBlocks,
    }),
  };
}

function readUsage(usage: Body): ReportedUsage {
  // With compaction the billed tokens are the sum over the iterations; the top level leaves compaction out.
  const iterations = asArray(usage['iterations']).map(asRecord);
  const all = iterations.length > 0 ? iterations : [usage];
  const sum = (read: (one: Body) => unknown): number | undefined => {
    const values = all.map((one) => asNumber(read(one))).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
  };
  return {
    input: sum((one) => one['input_tokens']),
    output: sum((one) => one['output_tokens']),
    cacheRead: sum((one) => one['cache_read_input_tokens']),
    cacheWrite: sum((one) => one['cache_creation_input_tokens']),
    ...(iterations.length > 0 ? { isSum: true } : {}),
    ...(all.some((one) => one['cache_creation'] !== undefined)
      ? {
          writes: {
            '5m': sum((one) => asRecord(one['cache_creation'])['ephemeral_5m_input_tokens']) ?? 0,
            '1h': sum((one) => asRecord(one['cache_creation'])['ephemeral_1h_input_tokens']) ?? 0,
          },
        }
      : {}),
  };
}

function readAnswer(body: Body): AnswerReading {
  const content = asArray(body['content']).map(asRecord);
  return {
    text: content.map((block) => (block['type'] === 'text' ? asText(block['text']) : '')).join(''),
    toolUses: content
      .filter((block) => block['type'] === 'tool_use')
      .map((block) => ({ id: asText(block['id']), name: asText(block['name']), input: block['input'] })),
    stopReason: asString(body['stop_reason']),
    usage: body['usage'] === undefined ? undefined : readUsage(asRecord(body['usage'])),
  };
}

function withAnswerText(body: Body, text: string, stopReason: string): Body {
  const others = asArray(body['content']).filter((block) => asRecord(block)['type'] !== 'text');
  return { ...body, content: [...others, { type: 'text', text }], stop_reason: stopReason };
}

/** Counts of a later event are totals, not additions; what it leaves out stands. */
const reported = (usage: ReportedUsage): ReportedUsage =>
  Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== undefined));

function readChunk(chunk: Body, reading: ChunkReading): void {
  const usage = asRecord(
    chunk['type'] === 'message_start' ? asRecord(chunk['message'])['usage'] : chunk['usage'],
  );
  const delta = asRecord(chunk['delta']);
  switch (chunk['type']) {
    case 'message_start':
      reading.usage = readUsage(usage);
      break;
    case 'content_block_delta':
      reading.text += asText(delta['text']) + asText(delta['partial_json']) + asText(delta['thinking']);
      break;
    case 'message_delta': {
      reading.stopReason = asString(delta['stop_reason']) ?? reading.stopReason;
      reading.usage = { ...reading.usage, ...reported(readUsage(usage)) };
      break;
    }
    case 'message_stop':
      reading.complete = reading.usage?.input !== undefined && reading.stopReason !== undefined;
      break;
    default:
  }
}

/** Anthropic Messages bodies. */
export const anthropic: DialectAdapter = {
  read,
  withMaxTokens: (body, maxTokens) => ({ ...body, max_tokens: maxTokens }),
  withInstruction,
  withCachePoints,
  withContinuation,
  readAnswer,
  withAnswerText,
  readChunk,
};
