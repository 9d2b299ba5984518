import { Buffer } from 'node:buffer';
import { imageSize } from './image-size.js';
import { type MediaRules, mediaRulesOf } from './media-rules.js';
import { PART, PART_COUNT } from './part-vector.js';
import { pdfPages } from './pdf-pages.js';
import { GROUP_COUNT } from './scan-text.js';
import { addText } from './text-memo.js';
import type { TokenFactor } from './tokenizer-families.js';
import type { BlockListRequest, ConverseLikeRequest, Countable, PromptBlock } from './types.js';

/** A prompt, taken apart. @internal */
export interface MeasuredPrompt {
  /** See {@link PART}; text in o200k tokens. */
  readonly parts: Float64Array;
  /** Pictures and pages that a rule counts, in the model's own tokens. */
  readonly media: { tokens: number; low: number; high: number };
  /** Kinds of content that nothing counts. */
  readonly unknown: Set<string>;
  /** All text, when it was asked for. */
  readonly texts: string[] | undefined;
}

interface Measuring extends MeasuredPrompt {
  readonly groups: Float64Array;
  readonly rules: MediaRules;
}

/** Takes a prompt apart for a model. @internal */
export function measurePrompt(prompt: Countable, model: string, keepTexts = false): MeasuredPrompt {
  const measuring: Measuring = {
    parts: new Float64Array(PART_COUNT),
    media: { tokens: 0, low: 0, high: 0 },
    unknown: new Set(),
    texts: keepTexts ? [] : undefined,
    groups: new Float64Array(GROUP_COUNT),
    rules: mediaRulesOf(model),
  };
  if (typeof prompt === 'string') text(prompt, measuring);
  else if ('blocks' in prompt) blockList(prompt, measuring);
  else converse(prompt, measuring);
  measuring.parts.set(measuring.groups, PART.words);
  return measuring;
}

function text(value: unknown, measuring: Measuring): void {
  if (typeof value !== 'string' || value === '') return;
  measuring.texts?.push(value);
  addText(value, measuring.groups);
}

function json(value: unknown, measuring: Measuring): void {
  if (value !== undefined) text(JSON.stringify(value), measuring);
}

function converse(request: ConverseLikeRequest, measuring: Measuring): void {
  const { system, messages, toolConfig, outputConfig } = request;
  for (const block of system ?? []) content(block, measuring);
  for (const message of messages ?? []) {
    for (const block of message.content ?? []) content(block, measuring);
  }
  const tools = toolConfig?.tools ?? [];
  for (const tool of tools) content(tool, measuring);
  measuring.parts[PART.requests] = (messages?.length ?? 0) + (system?.length ?? 0) > 0 ? 1 : 0;
  measuring.parts[PART.messages] = messages?.length ?? 0;
  measuring.parts[PART.toolPrompts] = tools.length > 0 ? 1 : 0;
  const format = (
    outputConfig as { textFormat?: { structure?: { jsonSchema?: { schema?: unknown } } } } | undefined
  )?.textFormat;
  text(format?.structure?.jsonSchema?.schema, measuring);
}

const UNCOUNTED_KINDS = ['image', 'document', 'video', 'audio', 'systemTool'];

function blockList({ blocks }: BlockListRequest, measuring: Measuring): void {
  let messages = 0;
  let tools = 0;
  for (const block of blocks as readonly PromptBlock[]) {
    messages = Math.max(messages, (block.messageIndex ?? -1) + 1);
    if (block.kind === 'toolSpec' || block.kind === 'systemTool') tools = 1;
    const isUncounted = block.text === '' && UNCOUNTED_KINDS.includes(block.kind);
    for (const { kind } of block.media ?? (isUncounted ? [block] : [])) measuring.unknown.add(kind);
    text(block.text, measuring);
  }
  measuring.parts[PART.requests] = blocks.length > 0 ? 1 : 0;
  measuring.parts[PART.messages] = messages;
  measuring.parts[PART.toolPrompts] = tools;
}

type Fields = Readonly<Record<string, unknown>>;
type Reader = (value: Fields, measuring: Measuring) => void;

const blocksIn = (value: unknown): readonly object[] => (Array.isArray(value) ? (value as object[]) : []);

/** How each member of the unions `ContentBlock`, `SystemContentBlock`, `Tool` and their like is counted. */
const READERS: Readonly<Record<string, Reader>> = {
  cachePoint() {},
  toolUse({ name, input }, measuring) {
    text(name, measuring);
    json(input, measuring);
  },
  toolResult({ content: blocks }, measuring) {
    for (const block of blocksIn(blocks)) content(block, measuring);
  },
  toolSpec({ name, description, inputSchema }, measuring) {
    text(name, measuring);
    text(description, measuring);
    json((inputSchema as Fields | undefined)?.['json'], measuring);
  },
  toolAddition({ tool, toolSpec }, measuring) {
    content((tool ?? { toolSpec }) as object, measuring);
  },
  toolRemoval({ name }, measuring) {
    text(name, measuring);
  },
  guardContent(value, measuring) {
    text((value['text'] as Fields | undefined)?.['text'], measuring);
    if (value['image'] !== undefined) image(value['image'] as Fields, measuring);
  },
  reasoningContent({ reasoningText, redactedContent }, measuring) {
    text((reasoningText as Fields | undefined)?.['text'], measuring);
    if (redactedContent !== undefined) measuring.unknown.add('redactedContent');
  },
  citationsContent({ content: blocks }, measuring) {
    for (const block of blocksIn(blocks)) content(block, measuring);
  },
  searchResult({ source, title, content: blocks }, measuring) {
    text(source, measuring);
    text(title, measuring);
    for (const block of blocksIn(blocks)) content(block, measuring);
  },
  image,
  document,
};

function content(block: object, measuring: Measuring): void {
  for (const [kind, value] of Object.entries(block)) {
    if (value === undefined || value === null) continue;
    if (kind === 'text') text(value, measuring);
    else if (kind === 'json') json(value, measuring);
    else {
      const reader = READERS[kind];
      if (reader === undefined) measuring.unknown.add(kind);
      else reader(value as Fields, measuring);
    }
  }
}

function addMedia({ factor, low, high }: TokenFactor, count: number, { media }: Measuring): void {
  media.tokens += factor * count;
  media.low += low * count;
  media.high += high * count;
}

const bytesIn = (source: unknown): Uint8Array | undefined => {
  const bytes = (source as Fields | undefined)?.['bytes'];
  return bytes instanceof Uint8Array ? bytes : undefined;
};

function image({ source }: Fields, measuring: Measuring): void {
  const bytes = bytesIn(source);
  const size = bytes === undefined ? undefined : imageSize(bytes);
  const rule = measuring.rules.image;
  if (size === undefined || rule === undefined) measuring.unknown.add('image');
  else addMedia(rule(size), 1, measuring);
}

/** Formats whose bytes are the text that the model reads. */
const TEXT_FORMATS = ['txt', 'md', 'csv', 'html'];

function document({ name, format, source, context, citations }: Fields, measuring: Measuring): void {
  text(name, measuring);
  text(context, measuring);
  const fields = source as Fields | undefined;
  text(fields?.['text'], measuring);
  for (const block of blocksIn(fields?.['content'])) content(block, measuring);
  if (fields?.['text'] !== undefined || fields?.['content'] !== undefined) return;
  const bytes = bytesIn(source);
  if (bytes !== undefined && TEXT_FORMATS.includes(format as string)) {
    text(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'), measuring);
    return;
  }
  const pages = bytes !== undefined && format === 'pdf' ? pdfPages(bytes) : undefined;
  const seen = (citations as { enabled?: boolean } | undefined)?.enabled === true;
  const rule = seen ? measuring.rules.pdfPageAsImage : measuring.rules.pdfPageAsText;
  if (pages === undefined || rule === undefined) measuring.unknown.add('document');
  else addMedia(rule, pages, measuring);
}
