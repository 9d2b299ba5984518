import type { CatalogueModel } from '@costkit/pricing/catalogue';
import { arrayOf, isObject, type JsonObject, objectOf, textOf } from '../json.js';
import { imageTokens, mediaTokens, pdfTokens } from '../money/media-tokens.js';
import type { PromptBlock, PromptSection } from '../prompt.js';
import { providerValidation, validation } from '../wire/bedrock-fault.js';
import {
  cachePointAfterReasoning,
  misplacedCachePoint,
  type RequestPath,
  readCachePoint,
} from './cache-point-rules.js';

/** Members of the `ContentBlock` union, in the service model's order. */
const CONTENT_KEYS = [
  'text', 'image', 'document', 'video', 'audio', 'toolUse', 'toolResult', 'guardContent', 'cachePoint',
  'reasoningContent', 'citationsContent', 'searchResult', 'toolAddition', 'toolRemoval',
] as const; // biome-ignore format: one list
const SYSTEM_KEYS = ['text', 'guardContent', 'cachePoint'] as const;
const TOOL_KEYS = ['toolSpec', 'systemTool', 'cachePoint'] as const;

/** Reads `messages[].content`. */
export function readContent(
  model: CatalogueModel,
  content: readonly unknown[],
  path: RequestPath,
): PromptBlock[] {
  return readBlocks(model, 'messages', content, path, 'ContentBlock', CONTENT_KEYS);
}

/** Reads `system`. */
export function readSystem(model: CatalogueModel, system: readonly unknown[]): PromptBlock[] {
  return readBlocks(model, 'system', system, ['system'], 'SystemContentBlock', SYSTEM_KEYS);
}

/** Reads `toolConfig.tools`. */
export function readTools(model: CatalogueModel, tools: readonly unknown[]): PromptBlock[] {
  return readBlocks(model, 'tools', tools, ['toolConfig', 'tools'], 'Tool', TOOL_KEYS);
}

function readBlocks(
  model: CatalogueModel,
  section: PromptSection,
  values: readonly unknown[],
  path: RequestPath,
  unionName: string,
  keys: readonly string[],
): PromptBlock[] {
  const blocks: PromptBlock[] = [];
  values.forEach((value, index) => {
    const at = [...path, index];
    const [key, content] = readUnion(value, at, unionName, keys);
    checkSource(model, key, content, at);
    if (key === 'cachePoint') markLast(model, section, blocks, at, objectOf(content));
    else blocks.push(readBlock(key, content, value, at, unionName));
  });
  return blocks;
}

function readUnion(
  value: unknown,
  path: RequestPath,
  unionName: string,
  keys: readonly string[],
): [string, unknown] {
  const present = Object.entries(objectOf(value)).filter(
    ([, member]) => member !== null && member !== undefined,
  );
  const known = present.filter(([key]) => keys.includes(key));
  const [only] = known;
  if (only !== undefined && known.length === 1) return only;
  const verb = known.length === 0 ? 'must set one' : 'can only set one';
  throw validation(
    `${unionName} object at ${path.join('.')} ${verb} of the following keys: ${keys.join(', ')}.`,
  );
}

/**
 * Only Nova reads media from S3 (AWS's answer in aws/aws-sdk-js-v3#7732). The text is that of Claude, which never hears
 * of S3; how others say it is assumed.
 */
function checkSource({ dialect }: CatalogueModel, key: string, content: unknown, path: RequestPath): void {
  if (dialect === 'nova' || objectOf(objectOf(content)['source'])['s3Location'] === undefined) return;
  throw providerValidation(`${path.join('.')}.${key}.source.type: Field required`);
}

/** Moves a cache point onto the block before it, which is the form every dialect shares. */
function markLast(
  model: CatalogueModel,
  section: PromptSection,
  blocks: PromptBlock[],
  path: RequestPath,
  cachePoint: JsonObject,
): void {
  const ttl = readCachePoint(model, section, path, cachePoint['ttl']);
  const last = blocks.at(-1);
  if (last === undefined || last.cachePoint !== undefined) throw misplacedCachePoint(model, path);
  if (last.kind === 'reasoning') throw cachePointAfterReasoning();
  const refusedAfter = last.kind === 'video' || (last.kind === 'document' && last.mediaTokens === 0);
  const refusedByFamily = model.dialect === 'anthropic' ? refusedAfter : last.kind === 'toolResult';
  if (refusedByFamily) throw misplacedCachePoint(model, path);
  blocks[blocks.length - 1] = { ...last, cachePoint: ttl };
}

function readBlock(
  key: string,
  content: unknown,
  value: unknown,
  path: RequestPath,
  unionName: string,
): PromptBlock {
  const canonical = JSON.stringify(value);
  const plain = { canonical, mediaTokens: 0 };
  switch (key) {
    case 'text': {
      const text = textOf(content);
      if (text.trim() === '') {
        throw validation(
          `The text field in the ${unionName} object at ${path.join('.')} is blank. ` +
            'Add text to the text field, and try again.',
        );
      }
      return { ...plain, kind: 'text', text };
    }
    case 'image':
      return { ...plain, kind: 'image', text: '', mediaTokens: imageTokens(sourceBytes(content)) };
    case 'document':
      return readDocument(objectOf(content), canonical);
    case 'video':
    case 'audio':
      return { ...plain, kind: key, text: '', mediaTokens: mediaTokens(sourceBytes(content)) };
    case 'toolUse': {
      const { toolUseId, name, input } = objectOf(content);
      return {
        ...plain,
        kind: 'toolUse',
        text: `${textOf(name)} ${JSON.stringify(input ?? {})}`,
        toolUseId: textOf(toolUseId),
      };
    }
    case 'toolResult':
      return readToolResult(objectOf(content), canonical, path);
    case 'reasoningContent':
      return {
        ...plain,
        kind: 'reasoning',
        text: textOf(objectOf(objectOf(content)['reasoningText'])['text']),
      };
    case 'toolSpec':
      return { ...plain, kind: 'tool', text: JSON.stringify(content) };
    default:
      return { ...plain, kind: 'other', text: innerText(content) };
  }
}

function readDocument(document: JsonObject, canonical: string): PromptBlock {
  const source = objectOf(document['source']);
  const base64 = textOf(source['bytes']);
  const text =
    textOf(source['text']) ||
    arrayOf(source['content'])
      .map((part) => textOf(objectOf(part)['text']))
      .join('\n');
  const isPdf = document['format'] === 'pdf';
  return {
    kind: 'document',
    canonical,
    text: isPdf || text !== '' ? text : Buffer.from(base64, 'base64').toString('utf8'),
    mediaTokens: isPdf ? pdfTokens(base64) : 0,
  };
}

function readToolResult(result: JsonObject, canonical: string, path: RequestPath): PromptBlock {
  let media = 0;
  const texts = arrayOf(result['content']).map((part, index) => {
    const { text, json, image, document, video, searchResult } = objectOf(part);
    if (isObject(objectOf(part)['cachePoint'])) {
      throw validation(
        `ToolResultContentBlock object at ${[...path, 'toolResult', 'content', index].join('.')} must set one of the ` +
          'following keys: json, text, image, document, video, searchResult.',
      );
    }
    if (image !== undefined) media += imageTokens(sourceBytes(image));
    if (video !== undefined) media += mediaTokens(sourceBytes(video));
    if (document !== undefined) {
      const inner = readDocument(objectOf(document), '');
      media += inner.mediaTokens;
      return inner.text;
    }
    if (json !== undefined) return JSON.stringify(json);
    return searchResult === undefined ? textOf(text) : innerText(searchResult);
  });
  return {
    kind: 'toolResult',
    canonical,
    text: texts.join('\n'),
    mediaTokens: media,
    toolUseId: textOf(result['toolUseId']),
  };
}

function sourceBytes(media: unknown): string {
  return textOf(objectOf(objectOf(media)['source'])['bytes']);
}

/** All text inside a value of a rarer kind, wherever it stands. */
function innerText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(innerText).join('\n');
  return isObject(value) ? Object.values(value).map(innerText).join('\n') : '';
}
