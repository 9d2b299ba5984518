import { draw } from '../draw.js';
import type { JsonObject } from '../json.js';
import { exampleOf } from './example-of.js';
import type { AnswerPart, LocalModel, ModelRequest } from './local-model.js';
import { prose } from './prose.js';

/** How long answers are, in output tokens. */
export interface TokenLength {
  readonly mean: number;
  /** Half-width of the even spread around the mean. @defaultValue 0 */
  readonly spread?: number;
}

/** Options of {@link proseModel}. */
export interface ProseModelOptions {
  /** Length of the prose. @defaultValue `{ mean: 120, spread: 40 }` */
  readonly tokens?: TokenLength;
}

const DEFAULT_TOKENS: TokenLength = { mean: 120, spread: 40 };

/**
 * A model that answers anything with prose of a stated length. It stands behind every model id that has no model
 * of its own. Where the request forces a tool or asks for JSON, it fills the schema.
 */
export function proseModel(options: ProseModelOptions = {}): LocalModel {
  const length = options.tokens ?? DEFAULT_TOKENS;
  return {
    kind: 'prose',
    answer(request) {
      const forced = forcedToolCall(request) ?? structuredAnswer(request);
      if (forced !== undefined) return { parts: [forced] };
      const tokens = lengthOf(length, request.seed, request.modelId, request.userText);
      return {
        parts: [
          {
            type: 'text',
            text: prose(tokens, request.countTokens, request.seed, request.modelId, request.userText),
          },
        ],
      };
    },
  };
}

/** A length from its range, the same for the same words. */
export function lengthOf(length: TokenLength, ...words: readonly string[]): number {
  const spread = length.spread ?? 0;
  return Math.max(1, Math.round(length.mean + (2 * draw('length', ...words) - 1) * spread));
}

/** The call of a tool that the request leaves no choice about, its input made from the schema. */
export function forcedToolCall(request: ModelRequest): AnswerPart | undefined {
  const { toolChoice, toolSpecs } = request.prompt;
  if (toolChoice.type !== 'tool' && toolChoice.type !== 'any') return undefined;
  const wanted = toolChoice.type === 'tool' ? toolChoice.name : undefined;
  const tool = toolSpecs.find(({ name }) => wanted === undefined || name === wanted);
  return tool === undefined
    ? undefined
    : { type: 'toolUse', name: tool.name, input: exampleOf(tool.inputSchema) as JsonObject };
}

/** JSON that fits the request's output schema; `answer` fills its first text. */
export function structuredAnswer(request: ModelRequest, answer?: string): AnswerPart | undefined {
  const schema = request.prompt.outputSchema;
  return schema === undefined ? undefined : { type: 'text', text: JSON.stringify(exampleOf(schema, answer)) };
}
