import type { RequestView } from '@costkit/core';

/** What a request needs of a model beyond `RequestView.features`. */
export interface RequestNeeds {
  /** A field that only some models accept, or only with their own values. */
  readonly modelSpecific: string | undefined;
  /** The answer must follow a JSON schema: structured output, or a strict tool. */
  readonly schema: boolean;
  /** The model is made to call a tool. */
  readonly forcedTool: boolean;
  readonly latencyOptimized: boolean;
  /** A tool result of an earlier turn holds an image, a document or a video. */
  readonly mediaInToolResults: boolean;
}

/** What the fields of a request say; blocks are looked at beside. */
type FieldNeeds = Omit<RequestNeeds, 'mediaInToolResults'>;

type Fields = Readonly<Record<string, unknown>>;

/** Fields of an InvokeModel body that every model of the dialect takes. */
const COMMON_FIELDS: Readonly<Record<string, readonly string[]>> = {
  anthropic: [
    'anthropic_version',
    'max_tokens',
    'messages',
    'system',
    'tools',
    'tool_choice',
    'temperature',
    'top_p',
    'top_k',
    'stop_sequences',
    'metadata',
  ],
  nova: ['schemaVersion', 'system', 'messages', 'inferenceConfig', 'toolConfig'],
  openai: [
    'messages',
    'max_tokens',
    'max_completion_tokens',
    'temperature',
    'top_p',
    'stop',
    'tools',
    'tool_choice',
  ],
};

const NO_FIELDS: Fields = {};

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : NO_FIELDS;

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || Object.keys(fieldsOf(value)).length === 0;

const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);

function bodyOf(input: Fields): Fields {
  const body = input['body'];
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body as Uint8Array);
  return fieldsOf(JSON.parse(text));
}

function converseNeeds(input: Fields): FieldNeeds {
  const outputConfig = fieldsOf(input['outputConfig']);
  const { tools, toolChoice } = fieldsOf(input['toolConfig']);
  const choice = fieldsOf(toolChoice);
  return {
    modelSpecific: !isEmpty(input['additionalModelRequestFields'])
      ? 'additionalModelRequestFields'
      : outputConfig['effort'] !== undefined
        ? 'outputConfig.effort'
        : undefined,
    schema:
      !isEmpty(outputConfig['textFormat']) ||
      listOf(tools).some((tool) => fieldsOf(tool['toolSpec'])['strict'] === true),
    forcedTool: choice['any'] !== undefined || choice['tool'] !== undefined,
    latencyOptimized: fieldsOf(input['performanceConfig'])['latency'] === 'optimized',
  };
}

function invokeNeeds(view: RequestView, input: Fields): FieldNeeds {
  const latencyOptimized = input['performanceConfigLatency'] === 'optimized';
  const common = COMMON_FIELDS[view.dialect];
  // A raw prompt is written in its model's own template, which another model of the dialect may not share.
  if (common === undefined)
    return {
      modelSpecific: `the prompt template of the ${view.dialect} body`,
      schema: false,
      forcedTool: false,
      latencyOptimized,
    };
  const body = bodyOf(input);
  if (view.dialect === 'nova')
    return { ...converseNeeds(body), modelSpecific: unknownField(body, common), latencyOptimized };
  const choice = body['tool_choice'];
  const kind = typeof choice === 'string' ? choice : fieldsOf(choice)['type'];
  return {
    modelSpecific: unknownField(body, common),
    schema: listOf(body['tools']).some(
      (tool) => tool['strict'] === true || fieldsOf(tool['function'])['strict'] === true,
    ),
    forcedTool: kind !== undefined && kind !== 'auto' && kind !== 'none',
    latencyOptimized,
  };
}

function unknownField(body: Fields, known: readonly string[]): string | undefined {
  return Object.keys(body).find((name) => !known.includes(name));
}

/** Reads what a request needs. Of InvokeModel bodies only those with structured messages can be moved. */
export function requestNeeds(view: RequestView): RequestNeeds {
  const input = view.input as Fields;
  const { modelSpecific, schema, forcedTool, latencyOptimized } =
    view.dialect === 'converse' ? converseNeeds(input) : invokeNeeds(view, input);
  const mediaInToolResults = view.blocks.some(
    ({ kind, media }) => kind === 'toolResult' && media !== undefined,
  );
  return { modelSpecific, schema, forcedTool, latencyOptimized, mediaInToolResults };
}
