import { Buffer } from 'node:buffer';
import type { RequestView } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import type { BatchInput } from './types.js';

/** Members of a Converse input that a batch record does not take; they say nothing about the answer. */
const DROPPED: ReadonlySet<string> = new Set([
  'modelId',
  'serviceTier',
  'performanceConfig',
  'requestMetadata',
]);

/** A request as it stands in a file, or why it cannot. */
export type WrittenInput =
  | {
      readonly modelInput: string;
      /** It had cache points or a tier, so that the same tokens would have had another price on demand. */
      readonly isAltered?: boolean;
      readonly refusal?: never;
    }
  | { readonly refusal: string; readonly modelInput?: never; readonly isAltered?: never };

/** Why a request cannot be a batch record, or `undefined` (Bedrock user guide, batch inference). */
export function refusalOf(view: RequestView): string | undefined {
  if (view.streaming) return 'a batch job does not stream';
  if (view.dialect === 'unknown') return 'its body is of no known format';
  if (view.features.tools) return 'batch inference does not support tools';
  if (view.features.structuredOutput) return 'batch inference does not support structured output';
  if (view.features.guardrail) return 'batch inference does not support guardrails';
  return view.blocks.some((block) => block.section === 'messages') ? undefined : 'it has no messages';
}

/** Blobs are base64 in JSON; the SDK does that on the wire, a file needs it too. */
function wire(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(wire);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, wire(member)]));
}

/** Writes the request of a view; cache points are removed, as batch inference has no prompt cache. */
export function writeView(view: RequestView): WrittenInput {
  const refusal = refusalOf(view);
  if (refusal !== undefined) return { refusal };
  const isAltered =
    view.cachePoints.length > 0 || view.tier !== undefined || 'performanceConfig' in view.input;
  const input = view.withCachePoints([]).input as Readonly<Record<string, unknown>>;
  if (view.dialect !== 'converse') return { modelInput: compact(textOf(input['body'])), isAltered };
  return { modelInput: JSON.stringify(wire(withoutDropped(input))), isAltered };
}

/** Writes a Converse input. */
export function writeInput(input: BatchInput, model: string): WrittenInput {
  const strange = strangeMember(input);
  if (strange !== undefined) return { refusal: `"${strange}" is no member of a Converse input` };
  if (!isPlain(input)) {
    try {
      return writeView(viewRequest('Converse', { ...input, modelId: model }));
    } catch {
      return { refusal: 'it is no Converse input' };
    }
  }
  return { modelInput: JSON.stringify('modelId' in input ? withoutDropped(input) : input) };
}

/** Members of a Converse request, and of its settings (API reference). */
const MEMBERS: ReadonlySet<string> = new Set([
  'modelId',
  'messages',
  'system',
  'inferenceConfig',
  'toolConfig',
  'guardrailConfig',
  'additionalModelRequestFields',
  'additionalModelResponseFieldPaths',
  'promptVariables',
  'requestMetadata',
  'performanceConfig',
  'serviceTier',
  'outputConfig',
]);
const SETTINGS: ReadonlySet<string> = new Set(['maxTokens', 'temperature', 'topP', 'stopSequences']);

/** What nobody would read: the cap of an InvokeModel body, say, without which answers are as long as the model lets them be. */
function strangeMember(input: BatchInput): string | undefined {
  for (const name in input) if (!MEMBERS.has(name)) return name;
  const settings = input?.['inferenceConfig'];
  if (typeof settings !== 'object') return undefined;
  for (const name in settings) if (!SETTINGS.has(name)) return `inferenceConfig.${name}`;
  return undefined;
}

/** What only the caller's own view of a request can judge: whatever is not plain text. */
const PLAIN: ReadonlySet<string> = new Set(['messages', 'system', 'inferenceConfig', 'modelId']);

/** Whether a request is messages of plain text: nothing to refuse and nothing to remove. Most are, and are quick. */
function isPlain(input: BatchInput): boolean {
  for (const name in input) if (!PLAIN.has(name)) return false;
  const { messages, system } = input as { messages?: unknown; system?: unknown };
  if (!Array.isArray(messages) || messages.length === 0) return false;
  if (system !== undefined && !arePlainTexts(system)) return false;
  return messages.every(
    (message: { content?: unknown } | null) =>
      typeof message === 'object' && message !== null && arePlainTexts(message.content),
  );
}

function arePlainTexts(blocks: unknown): boolean {
  if (!Array.isArray(blocks) || blocks.length === 0) return false;
  for (const block of blocks) {
    if (typeof block !== 'object' || block === null) return false;
    for (const name in block) if (name !== 'text') return false;
    if (typeof (block as { text?: unknown }).text !== 'string') return false;
  }
  return true;
}

function withoutDropped(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(input).filter(([name]) => !DROPPED.has(name)));
}

/** A body may hold line breaks between its members; a line of a file may not. */
const compact = (json: string): string => JSON.stringify(JSON.parse(json));

const textOf = (body: unknown): string =>
  typeof body === 'string' ? body : Buffer.from(body as Uint8Array).toString('utf8');
