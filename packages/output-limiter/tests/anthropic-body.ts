/**
 * Anthropic Messages bodies for what tests have in the form of Converse, written from the two formats alone.
 * @module
 */
import type { Message, Tool } from '@aws-sdk/client-bedrock-runtime';

/** Where the format leaves a choice. */
export interface BodyForm {
  /** Content that is one text is written as text, not as a list. */
  readonly plain?: boolean;
}

type Json = Readonly<Record<string, unknown>>;

const marked = (block: Json): Json => ({ ...block, cache_control: { type: 'ephemeral' } });

/** Blocks of Converse, a cache point on the one that it stands behind. */
function blocks(content: readonly object[], form: BodyForm): Json[] {
  const written: Json[] = [];
  for (const block of content as readonly Record<string, never>[]) {
    const { cachePoint, text, json, toolUse, toolResult, image, document } = block as Record<
      string,
      Record<string, never> | undefined
    >;
    if (cachePoint !== undefined) written.push(marked(written.pop() as Json));
    else if (text !== undefined) written.push({ type: 'text', text });
    else if (json !== undefined) written.push({ type: 'text', text: JSON.stringify(json) });
    else if (toolUse !== undefined) {
      const { toolUseId: id, name, input } = toolUse;
      written.push({ type: 'tool_use', id, name, input });
    } else if (toolResult !== undefined) {
      const { toolUseId, content: parts = [] } = toolResult as { toolUseId?: string; content?: object[] };
      written.push({
        type: 'tool_result',
        tool_use_id: toolUseId,
        content: contentOf(parts, form),
      });
    } else {
      const type = image === undefined ? 'document' : 'image';
      const media = type === 'image' ? 'image/png' : 'application/pdf';
      if ((image ?? document) === undefined) throw new Error('No block of these tests.');
      written.push({ type, source: { type: 'base64', media_type: media, data: 'AQID' } });
    }
  }
  return written;
}

function contentOf(content: readonly object[], form: BodyForm): string | Json[] {
  const written = blocks(content, form);
  const [only] = written;
  return form.plain === true &&
    written.length === 1 &&
    only?.['type'] === 'text' &&
    Object.keys(only).length === 2
    ? (only['text'] as string)
    : written;
}

/** Messages of a body. */
export const anthropicMessages = (
  messages: readonly {
    readonly role?: string | undefined;
    readonly content?: readonly object[] | undefined;
  }[],
  form: BodyForm = {},
): { readonly role: string; readonly content: string | Json[] }[] =>
  messages.map(({ role = '', content = [] }) => ({ role, content: contentOf(content, form) }));

/** Tools of a body. */
export function anthropicTools(tools: readonly Tool[]): Json[] {
  const written: Json[] = [];
  for (const { toolSpec } of tools)
    if (toolSpec === undefined) written.push(marked(written.pop() as Json));
    else
      written.push({
        name: toolSpec.name,
        description: toolSpec.description,
        input_schema: toolSpec.inputSchema?.json,
      });
  return written;
}

/** A body for messages of Converse. */
export const anthropicBody = (messages: readonly Message[], more: Json = {}, form: BodyForm = {}): Json => ({
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 200,
  ...more,
  messages: anthropicMessages(messages, form),
});
