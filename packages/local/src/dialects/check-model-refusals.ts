import type { CatalogueModel } from '@costkit/pricing/catalogue';
import type { JsonObject } from '../json.js';
import type { PromptMessage } from '../prompt.js';
import type { validation } from '../wire/bedrock-fault.js';

/** What a request asks for that not every model gives, whatever its format calls it. */
export interface AskedOfModel {
  readonly temperature: unknown;
  readonly topP: unknown;
  readonly topK: unknown;
  /** Anthropic's `thinking`. */
  readonly thinking: JsonObject;
  readonly maxTokens: number | undefined;
  readonly messages: readonly PromptMessage[];
  readonly forcesTool: boolean;
  /** A JSON schema for the answer, apart from tools. */
  readonly hasSchema: boolean;
}

/**
 * Refuses what the model's provider is known to refuse, in its words, which Bedrock hands on (third-party reports,
 * 2025 and 2026).
 *
 * @param refuse - makes the fault: Converse puts a prefix before the provider's words.
 */
export function checkModelRefusals(
  model: CatalogueModel,
  asked: AskedOfModel,
  refuse: typeof validation,
): void {
  const refuses = new Set(model.refuses);
  if (refuses.has('sampling')) checkSampling(asked, refuse);
  if (refuses.has('samplingPair') && asked.temperature !== undefined && asked.topP !== undefined) {
    throw refuse('`temperature` and `top_p` cannot both be specified for this model. Please use only one.');
  }
  const lastTurn = asked.messages.findLast(({ role }) => role !== 'system');
  if (refuses.has('prefill') && lastTurn?.role === 'assistant') {
    throw refuse(
      'This model does not support assistant message prefill. The conversation must end with a user message.',
    );
  }
  if (model.dialect !== 'anthropic') return;
  checkThinking(asked, refuses.has('thinkingBudget'), refuse);
  if (asked.hasSchema && isKnownToLackSchemas(model)) {
    throw refuse('output_config.format: Extra inputs are not permitted');
  }
}

/** A temperature of 1 is what these models run at, and is let pass. */
function checkSampling({ temperature, topP, topK }: AskedOfModel, refuse: typeof validation): void {
  const refused = Object.entries({
    temperature: temperature === 1 ? undefined : temperature,
    top_p: topP,
    top_k: topK,
  }).find(([, value]) => value !== undefined);
  if (refused !== undefined) throw refuse(`\`${refused[0]}\` is deprecated for this model.`);
}

function checkThinking(
  { thinking, maxTokens, temperature, forcesTool }: AskedOfModel,
  takesNoBudget: boolean,
  refuse: typeof validation,
): void {
  const { type, budget_tokens: budget } = thinking;
  if (type === 'adaptive' && temperature !== undefined && temperature !== 1) {
    throw refuse('`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.');
  }
  if (type !== 'enabled') return;
  if (takesNoBudget) {
    throw refuse(
      '"thinking.type.enabled" is not supported for this model. ' +
        'Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
    );
  }
  if (typeof budget !== 'number') throw refuse('thinking.enabled.budget_tokens: Field required');
  if (budget < 1024) {
    throw refuse('thinking.enabled.budget_tokens: Input should be greater than or equal to 1024');
  }
  if (maxTokens !== undefined && budget >= maxTokens) {
    throw refuse('`max_tokens` must be greater than `thinking.budget_tokens`.');
  }
  if (temperature !== undefined && temperature !== 1) {
    throw refuse('`temperature` may only be set to 1 when thinking is enabled.');
  }
  if (forcesTool) throw refuse('Thinking may not be enabled when tool_choice forces tool use.');
}

function isKnownToLackSchemas({ capabilities }: CatalogueModel): boolean {
  const { structuredOutput, certainty, assumed = [] } = capabilities;
  return !structuredOutput && certainty !== 'assumed' && !assumed.includes('structuredOutput');
}
