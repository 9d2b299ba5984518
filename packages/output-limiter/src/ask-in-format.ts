import { CostkitError, InvalidOptionError, isText } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { resolveModel } from '@costkit/pricing';
import { compactFormat } from './compact-format.js';
import type { PromptRequest } from './prompt-parts.js';

type Members = Readonly<Record<string, unknown>>;

/** An answer of Converse, of any SDK copy. */
export interface FormattedOutput {
  readonly output?:
    | { readonly message?: { readonly content?: readonly object[] | undefined } | undefined }
    | undefined;
}

/** A request for an answer in a compact form, and the way back. */
export interface FormatRequest<R extends PromptRequest> {
  /** The request with the form. */
  readonly input: R;
  /** How the form is asked for. */
  readonly by: 'structuredOutput' | 'forcedTool' | 'offeredTool';
  /**
   * The answer under its long names.
   * @throws `AnswerFormatError` for an answer that has no such form: cut, refused, or the model's own words.
   */
  read(output: FormattedOutput): unknown;
}

/** An answer is not in the form that was asked for. */
export class AnswerFormatError extends CostkitError {
  static readonly instanceName = 'AnswerFormatError';
  override readonly name: string = 'AnswerFormatError';

  constructor() {
    super(
      'costkit output-limiter: the answer is not in the form that was asked for. Look at its stop reason; a cut answer needs a higher cap.',
      { code: 'COSTKIT_ANSWER_FORMAT' },
    );
  }
}

const TOOL = 'answer';

/**
 * Asks for an answer by a JSON schema with short names: by structured output where the model has it, else by a tool that
 * it must call. A model that thinks cannot be made to call a tool; there the tool is offered and asked for in words.
 *
 * @param input - of Converse, without tools and without a form of its own
 * @param schema - of the answer, with its long names; an object
 * @throws `InvalidOptionError` for a request with tools or a form, a schema that cannot be shortened, and a model that the
 * catalogue does not know.
 *
 * @example
 * ```ts
 * const { input, read } = askInFormat(request, schema);
 * const order = read(await client.send(new ConverseCommand(input)));
 * ```
 */
export function askInFormat<R extends PromptRequest>(input: R, schema: Members): FormatRequest<R> {
  const { schema: short, expand } = compactFormat(schema);
  const view = viewRequest('Converse', input);
  if (view.features.tools || view.features.structuredOutput)
    throw new InvalidOptionError('output-limiter', 'input', 'must have no tools and no form of its own');
  const resolved = isText(input.modelId) === undefined ? resolveModel(input.modelId as string) : undefined;
  if (resolved === undefined)
    throw new InvalidOptionError('output-limiter', 'input.modelId', 'is not in the catalogue');
  const { structuredOutput, thinking } = resolved.model.capabilities;
  const read = (output: FormattedOutput): unknown => {
    const { content = [] } = output.output?.message ?? {};
    try {
      return expand(structuredOutput ? textOf(content) : toolInputOf(content));
    } catch {
      throw new AnswerFormatError();
    }
  };
  if (structuredOutput) {
    const jsonSchema = { schema: JSON.stringify(closed(short)), name: TOOL };
    const textFormat = { type: 'json_schema', structure: { jsonSchema } };
    const { outputConfig } = input as { readonly outputConfig?: Members };
    return {
      input: { ...input, outputConfig: { ...outputConfig, textFormat } },
      by: 'structuredOutput',
      read,
    };
  }
  const tools = [
    { toolSpec: { name: TOOL, description: 'Takes the answer.', inputSchema: { json: short } } },
  ];
  const thinks = view.features.thinking ?? (thinking === 'default' || thinking === 'always');
  if (!thinks)
    return {
      input: { ...input, toolConfig: { tools, toolChoice: { tool: { name: TOOL } } } },
      by: 'forcedTool',
      read,
    };
  const asked = view.withInstruction(`Answer only by calling the tool ${TOOL}.`).input as R;
  return { input: { ...asked, toolConfig: { tools } }, by: 'offeredTool', read };
}

/** Structured output takes objects only that say that nothing else is in them (user guide, structured output). */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  return 'properties' in members ? { ...members, additionalProperties: false } : members;
}

const textOf = (content: readonly object[]): string =>
  content.map((block) => ('text' in block ? String(block.text) : '')).join('');

function toolInputOf(content: readonly object[]): unknown {
  for (const block of content) {
    const { toolUse } = block as { readonly toolUse?: { readonly name?: string; readonly input?: unknown } };
    if (toolUse?.name === TOOL) return toolUse.input;
  }
  throw new AnswerFormatError();
}
