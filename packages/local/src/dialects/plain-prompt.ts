import type { CatalogueModel } from '@costkit/pricing/catalogue';
import type { Prompt, PromptBlock, PromptMessage } from '../prompt.js';
import { validation } from '../wire/bedrock-fault.js';

/** A block of text without a cache point. */
export function textBlock(text: string): PromptBlock {
  return { kind: 'text', canonical: JSON.stringify({ text }), text, mediaTokens: 0 };
}

/** A prompt without tools, for the formats that know only text. */
export function plainPrompt(parts: {
  readonly system?: string;
  readonly messages: readonly { readonly role: PromptMessage['role']; readonly text: string }[];
  readonly maxTokens?: number | undefined;
  readonly stopSequences?: readonly string[];
}): Prompt {
  return {
    tools: [],
    system: parts.system === undefined || parts.system === '' ? [] : [textBlock(parts.system)],
    messages: parts.messages.map(({ role, text }) => ({ role, blocks: [textBlock(text)] })),
    toolSpecs: [],
    toolChoice: { type: 'auto' },
    ...(parts.maxTokens === undefined ? {} : { maxTokens: parts.maxTokens }),
    stopSequences: parts.stopSequences ?? [],
    thinking: { mode: 'default' },
  };
}

/** Bedrock's text for a body that does not fit the schema of the model's own format. */
export function malformed(problem: string): Error {
  return validation(`Malformed input request: ${problem}, please reformat your input and try again.`);
}

/**
 * Reads a required text. @throws {@link BedrockFault} when it is missing or no text.
 */
export function requiredText(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name];
  if (value === undefined) throw malformed(`#: required key [${name}] not found`);
  if (typeof value !== 'string')
    throw malformed(`#/${name}: expected type: String, found: ${jsonType(value)}`);
  if (value === '') throw malformed(`#/${name}: expected minLength: 1, actual: 0`);
  return value;
}

/** Reads a cap on output tokens. @throws {@link BedrockFault} when it is out of the model's range. */
export function readCap(value: unknown, path: string, model: CatalogueModel): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw malformed(`#/${path}: expected type: Integer, found: ${jsonType(value)}`);
  }
  if (value < 1) throw malformed(`#/${path}: ${value} is not greater or equal to 1`);
  const most = model.maxOutputTokens;
  if (most !== undefined && value > most)
    throw malformed(`#/${path}: ${value} is not less or equal to ${most}`);
  return value;
}

function jsonType(value: unknown): string {
  if (value === null) return 'Null';
  if (Array.isArray(value)) return 'JSONArray';
  const type = typeof value;
  return type === 'object' ? 'JSONObject' : type.slice(0, 1).toUpperCase() + type.slice(1);
}
