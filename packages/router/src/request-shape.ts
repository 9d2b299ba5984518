import { type Call, perCall, type RequestView } from '@costkit/core';
import type { RequestShape } from './types.js';

/** Answers of so few tokens hold a word, a number, a yes or no. */
const TINY_OUTPUT_TOKENS = 16;
/** A label with a few words around it. */
const LABEL_OUTPUT_TOKENS = 100;
/** Longer texts are read at both ends: instructions stand there. */
const EDGE_CHARACTERS = 2_000;

const ASKS_FOR_A_LABEL =
  /\b(?:classif(?:y|ies|ication)|categori[sz]e|label|sort|sentiment|intent|which (?:of|categor|group|kind|label|folder)|one of|either)\b/i;
/** Alternatives: three in a row; two with `or`, a slash or a bar between them; lines of a list. */
const CLOSED_SETS = [
  /(?:["'`]?[\p{L}\p{N}_-]{1,24}["'`]?\s*[,/|]\s*){2}(?:or |and )?["'`]?[\p{L}\p{N}_-]{1,24}/u,
  /[\p{L}\p{N}_-]{1,24}["'`]?,? or ["'`]?[\p{L}\p{N}_-]{1,24}/u,
  /[\p{L}\p{N}_-]{1,24}["'`]?\s*[/|]\s*["'`]?[\p{L}\p{N}_-]{1,24}/u,
  /(?:^\s*[-*]\s+[\p{L}\p{N}_ -]{1,40}$\s*){2}/mu,
];
const NOTHING_ELSE = /\b(?:only|just|exactly|nothing else|single word|one word)\b/i;

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

/** Whether the model may call one tool or another: an agent's step, whatever the schemas say. */
function choosesTool(view: RequestView): boolean {
  const { outputConfig, toolConfig } = fieldsOf(view.input);
  const isNamed = fieldsOf(fieldsOf(toolConfig)['toolChoice'])['tool'] !== undefined;
  const isSchema = fieldsOf(outputConfig)['textFormat'] !== undefined;
  return !isNamed && view.blocks.filter(({ kind }) => kind === 'toolSpec').length > (isSchema ? 0 : 1);
}

/** The schema that the answer of a Converse request must follow, where it can be read. */
function schemaOf(view: RequestView): unknown {
  const { outputConfig, toolConfig } = fieldsOf(view.input);
  const structure = fieldsOf(fieldsOf(fieldsOf(outputConfig)['textFormat'])['structure']);
  const text = fieldsOf(structure['jsonSchema'])['schema'];
  try {
    if (typeof text === 'string') return JSON.parse(text);
  } catch {
    return undefined;
  }
  const { tools, toolChoice } = fieldsOf(toolConfig);
  const { name } = fieldsOf(fieldsOf(toolChoice)['tool']);
  const specs = Array.isArray(tools) ? tools.map((tool) => fieldsOf(fieldsOf(tool)['toolSpec'])) : [];
  const called = specs.find((spec) => name === undefined || spec['name'] === name);
  return fieldsOf(called?.['inputSchema'])['json'];
}

/** Whether nothing but choices can be filled in: enumerations, constants, yes or no. */
function onlyChoices(schema: unknown): boolean {
  const { enum: values, const: constant, type, properties, items } = fieldsOf(schema);
  if (values !== undefined || constant !== undefined || type === 'boolean') return true;
  if (type === 'array') return onlyChoices(items);
  const members = Object.values(fieldsOf(properties));
  return type === 'object' && members.length > 0 && members.every(onlyChoices);
}

const edgesOf = (text: string): string =>
  text.length <= 2 * EDGE_CHARACTERS
    ? text
    : `${text.slice(0, EDGE_CHARACTERS)}\n${text.slice(-EDGE_CHARACTERS)}`;

/**
 * What a request looks like, by its schema, the labels it offers, its cap; `undefined`: none of these. Agents, media and
 * thinking are none of these whatever they look like.
 */
export function requestShape(view: RequestView): RequestShape | undefined {
  const { features, maxTokens = Number.POSITIVE_INFINITY } = view;
  if (features.toolLoop || features.reasoning || features.thinking === true) return undefined;
  if (features.images || features.documents || features.video || features.audio) return undefined;
  if (features.structuredOutput && choosesTool(view)) return undefined;
  if (features.structuredOutput) return onlyChoices(schemaOf(view)) ? 'classification' : 'extraction';
  if (features.tools) return undefined;
  const text = `${edgesOf(view.systemText)}\n${edgesOf(view.lastUserText)}`;
  const isShort = maxTokens <= LABEL_OUTPUT_TOKENS || NOTHING_ELSE.test(text);
  if (isShort && ASKS_FOR_A_LABEL.test(text) && CLOSED_SETS.some((set) => set.test(text)))
    return 'classification';
  return maxTokens <= TINY_OUTPUT_TOKENS ? 'short-answer' : undefined;
}

const shapes = perCall((call) => ({ shape: requestShape(call.original) }));

/** The shape of the caller's own request, read once for each call. */
export const shapeOf = (call: Call): RequestShape | undefined => shapes(call).shape;
