import type { CatalogueModel } from '@costkit/pricing/catalogue';
import { arrayOf, isObject, type JsonObject, objectOf, textOf } from '../json.js';
import { imageTokens, pdfTokens } from '../money/media-tokens.js';
import type { Prompt, PromptBlock, PromptMessage, PromptSection, PromptToolChoice } from '../prompt.js';
import { validation } from '../wire/bedrock-fault.js';
import { checkCachePointOrder, type RequestPath, readCachePoint } from './cache-point-rules.js';
import { checkModelRefusals } from './check-model-refusals.js';
import { thinkingOf } from './converse-request.js';

const VERSION = 'bedrock-2023-05-31';
// Assumed: the provider's own SDK (@anthropic-ai/bedrock-sdk 1.1.3) sends its API's date instead.
const DATED_VERSION = /^\d{4}-\d{2}-\d{2}$/;

/** Reads and checks the body of Anthropic's Messages format. */
export function readAnthropicRequest(body: JsonObject, model: CatalogueModel): Prompt {
  const { max_tokens: maxTokens, messages, system, tools } = body;
  if (body['anthropic_version'] === undefined) throw validation('anthropic_version: Field required');
  if (body['anthropic_version'] !== VERSION && !DATED_VERSION.test(String(body['anthropic_version']))) {
    throw validation(`anthropic_version: Input should be '${VERSION}'`);
  }
  if (maxTokens === undefined) throw validation('max_tokens: Field required');
  if (typeof maxTokens !== 'number' || !Number.isInteger(maxTokens)) {
    throw validation('max_tokens: Input should be a valid integer');
  }
  if (maxTokens < 1) throw validation('max_tokens: Input should be greater than or equal to 1');
  if (model.maxOutputTokens !== undefined && maxTokens > model.maxOutputTokens) {
    throw validation(
      `max_tokens: ${maxTokens} > ${model.maxOutputTokens}, which is the maximum allowed number of output tokens for ${model.id}`,
    );
  }
  if (messages === undefined) throw validation('messages: Field required');
  const prompt: Prompt = {
    tools: arrayOf(tools).map((tool, index) => readTool(model, objectOf(tool), ['tools', index])),
    system: readSystem(model, system),
    messages: readMessages(model, arrayOf(messages)),
    toolSpecs: arrayOf(tools).map((tool) => ({
      name: textOf(objectOf(tool)['name']),
      description: textOf(objectOf(tool)['description']),
      inputSchema: objectOf(objectOf(tool)['input_schema']),
    })),
    toolChoice: readToolChoice(objectOf(body['tool_choice'])),
    maxTokens,
    stopSequences: arrayOf(body['stop_sequences']).map(textOf),
    ...outputSchema(body),
    thinking: thinkingOf(objectOf(body['thinking'])['type'], objectOf(body['output_config'])['effort']),
  };
  checkTurns(prompt.messages);
  checkModelRefusals(
    model,
    {
      temperature: body['temperature'],
      topP: body['top_p'],
      topK: body['top_k'],
      thinking: objectOf(body['thinking']),
      maxTokens,
      messages: prompt.messages,
      forcesTool: prompt.toolChoice.type === 'any' || prompt.toolChoice.type === 'tool',
      hasSchema: prompt.outputSchema !== undefined,
    },
    validation,
  );
  checkCachePointOrder(model, prompt, false);
  return prompt;
}

function outputSchema(body: JsonObject): { outputSchema?: JsonObject } {
  const format = objectOf(objectOf(body['output_config'])['format'] ?? body['output_format']);
  return isObject(format['schema']) ? { outputSchema: format['schema'] } : {};
}

function readToolChoice(choice: JsonObject): PromptToolChoice {
  switch (choice['type']) {
    case 'tool':
      return { type: 'tool', name: textOf(choice['name']) };
    case 'any':
    case 'none':
      return { type: choice['type'] };
    default:
      return { type: 'auto' };
  }
}

function readTool(model: CatalogueModel, tool: JsonObject, path: RequestPath): PromptBlock {
  if (typeof tool['name'] !== 'string') throw validation(`${path.join('.')}.custom.name: Field required`);
  return marked(model, 'tools', path, tool, {
    kind: 'tool',
    text: JSON.stringify(unmarked(tool)),
    mediaTokens: 0,
  });
}

function readSystem(model: CatalogueModel, system: unknown): PromptBlock[] {
  if (typeof system === 'string') return system === '' ? [] : [plainText(system)];
  return arrayOf(system).map((value, index) =>
    readBlock(model, 'system', objectOf(value), ['system', index]),
  );
}

function readMessages(model: CatalogueModel, messages: readonly unknown[]): PromptMessage[] {
  if (messages.length === 0) throw validation('messages: at least one message is required');
  return messages.map((value, index) => {
    const { role, content } = objectOf(value);
    if (role !== 'user' && role !== 'assistant' && role !== 'system') {
      throw validation(`messages.${index}.role: Input should be 'user' or 'assistant'`);
    }
    if (typeof content === 'string') {
      if (content === '') throw validation(`messages.${index}: user messages must have non-empty content`);
      return { role, blocks: [plainText(content)] };
    }
    if (!Array.isArray(content)) throw validation(`messages.${index}.content: Field required`);
    if (content.length === 0) throw validation(`messages.${index}: all messages must have non-empty content`);
    return {
      role,
      blocks: content.map((block, at) =>
        readBlock(model, 'messages', objectOf(block), ['messages', index, 'content', at]),
      ),
    };
  });
}

function plainText(text: string): PromptBlock {
  // The same bytes as the block form: the provider reads both alike.
  return { kind: 'text', canonical: JSON.stringify({ type: 'text', text }), text, mediaTokens: 0 };
}

function readBlock(
  model: CatalogueModel,
  section: PromptSection,
  block: JsonObject,
  path: RequestPath,
): PromptBlock {
  const at = path.join('.');
  const mark = (read: Omit<PromptBlock, 'canonical'>): PromptBlock =>
    marked(model, section, path, block, read);
  switch (block['type']) {
    case 'text':
      if (typeof block['text'] !== 'string') throw validation(`${at}.text.text: Field required`);
      if (block['text'] === '') throw validation(`${at}: text content blocks must be non-empty`);
      return mark({ kind: 'text', text: block['text'], mediaTokens: 0 });
    case 'image':
      return mark({
        kind: 'image',
        text: '',
        mediaTokens: imageTokens(textOf(objectOf(block['source'])['data'])),
      });
    case 'document':
      return mark(readDocument(objectOf(block['source'])));
    case 'tool_use':
      return mark({
        kind: 'toolUse',
        text: `${textOf(block['name'])} ${JSON.stringify(block['input'] ?? {})}`,
        mediaTokens: 0,
        toolUseId: textOf(block['id']),
      });
    case 'tool_result':
      return mark(readToolResult(block));
    case 'thinking':
    case 'redacted_thinking':
      return mark({ kind: 'reasoning', text: textOf(block['thinking']), mediaTokens: 0 });
    case undefined:
      throw validation(`${at}.type: Field required`);
    default:
      return mark({ kind: 'other', text: JSON.stringify(unmarked(block)), mediaTokens: 0 });
  }
}

function readDocument(source: JsonObject): Omit<PromptBlock, 'canonical'> {
  if (source['type'] === 'base64')
    return { kind: 'document', text: '', mediaTokens: pdfTokens(textOf(source['data'])) };
  return { kind: 'document', text: textOf(source['data']), mediaTokens: 0 };
}

function readToolResult(block: JsonObject): Omit<PromptBlock, 'canonical'> {
  const { content, tool_use_id: toolUseId } = block;
  let media = 0;
  const texts =
    typeof content === 'string'
      ? [content]
      : arrayOf(content).map((part) => {
          const { type, text, source } = objectOf(part);
          if (type === 'image') media += imageTokens(textOf(objectOf(source)['data']));
          return textOf(text);
        });
  return { kind: 'toolResult', text: texts.join('\n'), mediaTokens: media, toolUseId: textOf(toolUseId) };
}

/** Takes a marker off the block's bytes, so that moving it does not change the prefix, and reads it. */
function marked(
  model: CatalogueModel,
  section: PromptSection,
  path: RequestPath,
  block: JsonObject,
  read: Omit<PromptBlock, 'canonical'>,
): PromptBlock {
  const canonical = JSON.stringify(unmarked(block));
  const control = block['cache_control'];
  if (control === undefined || control === null) return { ...read, canonical };
  const at = path.join('.');
  if (objectOf(control)['type'] !== 'ephemeral')
    throw validation(`${at}.cache_control.type: Input should be 'ephemeral'`);
  if (read.kind === 'reasoning')
    throw validation(`${at}.thinking.cache_control: Extra inputs are not permitted`);
  return { ...read, canonical, cachePoint: readCachePoint(model, section, path, objectOf(control)['ttl']) };
}

function unmarked(block: JsonObject): JsonObject {
  const { cache_control: _marker, ...rest } = block;
  return rest;
}

function checkTurns(messages: readonly PromptMessage[]): void {
  const turns = messages.flatMap((message, index) => (message.role === 'system' ? [] : [{ message, index }]));
  if (turns[0]?.message.role !== 'user') throw validation('messages: first message must use the "user" role');
  turns.forEach(({ message, index }, turn) => {
    const before = turns[turn - 1];
    const asked = toolIds(before?.message, 'toolUse');
    const answered = toolIds(message, 'toolResult');
    const orphan = answered.find((id) => !asked.includes(id));
    if (orphan !== undefined) {
      throw validation(
        `messages.${index}.content.0: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${orphan}. ` +
          'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
      );
    }
    const missing = asked.filter((id) => !answered.includes(id));
    if (missing.length > 0) {
      throw validation(
        `messages.${before?.index ?? 0}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ` +
          `${missing.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
      );
    }
  });
}

function toolIds(message: PromptMessage | undefined, kind: 'toolUse' | 'toolResult'): string[] {
  return (message?.blocks ?? []).flatMap((block) => (block.kind === kind ? [block.toolUseId ?? ''] : []));
}
