import type { CatalogueModel } from '@costkit/pricing/catalogue';
import type { JsonObject } from '../json.js';
import { validation } from '../wire/bedrock-fault.js';
import { anthropicDialect } from './anthropic-dialect.js';
import type { InvokeDialect } from './invoke-dialect.js';
import { novaDialect } from './nova-dialect.js';
import { openAiDialect } from './openai-dialect.js';
import {
  cohereCommandDialect,
  llamaDialect,
  mistralPromptDialect,
  titanTextDialect,
} from './text-dialects.js';

const DIALECTS: Readonly<Record<string, InvokeDialect>> = {
  anthropic: anthropicDialect,
  nova: novaDialect,
  'titan-text': titanTextDialect,
  'cohere-command': cohereCommandDialect,
  llama: llamaDialect,
  mistral: mistralPromptDialect,
  openai: openAiDialect,
  ai21: openAiDialect,
};

/**
 * The format of a body for a model. Mistral models take two: the older prompt format, and OpenAI's where the body has
 * messages.
 *
 * @throws {@link BedrockFault} for a model whose format the local Bedrock does not speak.
 */
export function invokeDialectOf(model: CatalogueModel, body: JsonObject): InvokeDialect {
  const chats = model.dialect === 'mistral' && body['messages'] !== undefined;
  const dialect = DIALECTS[chats ? 'openai' : model.dialect];
  if (dialect === undefined) {
    throw validation(
      `The local Bedrock does not know the InvokeModel format of ${model.id}. Call it through Converse.`,
    );
  }
  return dialect;
}
