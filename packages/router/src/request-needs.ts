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
  /** A tool result says whether the tool succeeded. */
  readonly statusInToolResults: boolean;
  /** What a model of another provider may not take, though it takes the kind of content. */
  readonly providerSpecific: string | undefined;
  /** The caller has begun the answer: the last turn is the assistant's. */
  readonly prefill: boolean;
  /** Sets temperature, top_p or top_k. */
  readonly sampling: boolean;
  /** Sets temperature and top_p. */
  readonly samplingPair: boolean;
}

/** What the fields of a request say; blocks are looked at beside. */
type FieldNeeds = Pick<RequestNeeds, 'modelSpecific' | 'schema' | 'forcedTool' | 'sampling' | 'samplingPair'>;

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

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);

function bodyOf(input: Fields): Fields {
  const body = input['body'];
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body as Uint8Array);
  return fieldsOf(JSON.parse(text));
}

/** In the words of any dialect. */
function samplingOf(fields: Fields): Pick<RequestNeeds, 'sampling' | 'samplingPair'> {
  const temperature = !isAbsent(fields['temperature']);
  const topP = !isAbsent(fields['topP']) || !isAbsent(fields['top_p']);
  const topK = !isAbsent(fields['topK']) || !isAbsent(fields['top_k']);
  return { sampling: temperature || topP || topK, samplingPair: temperature && topP };
}

/** Whether the request asks for latency-optimised inference, which has a price of its own. */
export function isLatencyOptimized({ input }: RequestView): boolean {
  const { performanceConfig, performanceConfigLatency } = input as Fields;
  return (performanceConfigLatency ?? fieldsOf(performanceConfig)['latency']) === 'optimized';
}

function converseNeeds(input: Fields): FieldNeeds {
  const outputConfig = fieldsOf(input['outputConfig']);
  const { tools, toolChoice } = fieldsOf(input['toolConfig']);
  const choice = fieldsOf(toolChoice);
  const { sampling, samplingPair } = samplingOf(fieldsOf(input['inferenceConfig']));
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
    sampling,
    samplingPair,
  };
}

function invokeNeeds(view: RequestView, input: Fields): FieldNeeds {
  const common = COMMON_FIELDS[view.dialect];
  // A raw prompt is written in its model's own template, which another model of the dialect may not share.
  if (common === undefined)
    return {
      modelSpecific: `the prompt template of the ${view.dialect} body`,
      schema: false,
      forcedTool: false,
      sampling: false,
      samplingPair: false,
    };
  const body = bodyOf(input);
  if (view.dialect === 'nova') return { ...converseNeeds(body), modelSpecific: unknownField(body, common) };
  const choice = body['tool_choice'];
  const kind = typeof choice === 'string' ? choice : fieldsOf(choice)['type'];
  return {
    modelSpecific: unknownField(body, common) ?? modelTool(listOf(body['tools'])),
    schema: listOf(body['tools']).some(
      (tool) => tool['strict'] === true || fieldsOf(tool['function'])['strict'] === true,
    ),
    forcedTool: kind !== undefined && kind !== 'auto' && kind !== 'none',
    ...samplingOf(body),
  };
}

/** Bedrock's own, whatever the model: which parts of the prompt a guardrail looks at. */
const GUARDRAIL_CONFIG = 'amazon-bedrock-guardrailConfig';

function unknownField(body: Fields, known: readonly string[]): string | undefined {
  return Object.keys(body).find((name) => name !== GUARDRAIL_CONFIG && !known.includes(name));
}

const OWN_TOOLS: ReadonlySet<unknown> = new Set([undefined, 'custom', 'function']);

/** A tool that the provider has defined, such as `text_editor_20250728`, in a version that belongs to some models. */
function modelTool(tools: readonly Fields[]): string | undefined {
  const found = tools.find(({ type }) => !OWN_TOOLS.has(type));
  return found === undefined ? undefined : `the tool ${String(found['type'])}`;
}

/** What stands in the turns of a Converse request and is no block of a view. */
function contentNeeds(view: RequestView): Pick<RequestNeeds, 'statusInToolResults' | 'providerSpecific'> {
  const { blocks, features, input, dialect } = view;
  const isPlain =
    !features.images && !features.documents && !blocks.some(({ kind }) => kind === 'toolResult');
  // Bodies of InvokeModel stay with their provider by their dialect.
  if (isPlain || dialect !== 'converse') return { statusInToolResults: false, providerSpecific: undefined };
  const content = listOf((input as Fields)['messages']).flatMap((message) => listOf(message['content']));
  const cites = content.some(({ document }) => fieldsOf(fieldsOf(document)['citations'])['enabled'] === true);
  const refers = blocks.some(({ media }) =>
    media?.some(({ source }) => fieldsOf(source)['bytes'] === undefined),
  );
  return {
    statusInToolResults: content.some(({ toolResult }) => !isAbsent(fieldsOf(toolResult)['status'])),
    providerSpecific: cites ? 'citations' : refers ? 'media that are not given as bytes' : undefined,
  };
}

/** Reads what a request needs. Of InvokeModel bodies only those with structured messages can be moved. */
export function requestNeeds(view: RequestView): RequestNeeds {
  const input = view.input as Fields;
  const mediaInToolResults = view.blocks.some(
    ({ kind, media }) => kind === 'toolResult' && media !== undefined,
  );
  const fields = view.dialect === 'converse' ? converseNeeds(input) : invokeNeeds(view, input);
  const content = contentNeeds(view);
  // Written out: to spread objects takes ten times as long, for every call.
  return {
    modelSpecific: fields.modelSpecific,
    schema: fields.schema,
    forcedTool: fields.forcedTool,
    sampling: fields.sampling,
    samplingPair: fields.samplingPair,
    statusInToolResults: content.statusInToolResults,
    providerSpecific: content.providerSpecific,
    latencyOptimized: isLatencyOptimized(view),
    mediaInToolResults,
    prefill: view.blocks.at(-1)?.role === 'assistant',
  };
}
