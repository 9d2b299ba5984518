import type { CatalogueModel } from '@costkit/pricing/catalogue';
import { validation } from '../wire/bedrock-fault.js';
import { anthropicDialect } from './anthropic-dialect.js';
import type { InvokeDialect } from './invoke-dialect.js';

const DIALECTS: Readonly<Record<string, InvokeDialect>> = {
  anthropic: anthropicDialect,
};

/**
 * The format a model takes through InvokeModel.
 *
 * @throws {@link BedrockFault} for a model whose format the local Bedrock does not speak.
 */
export function invokeDialectOf(model: CatalogueModel): InvokeDialect {
  const dialect = DIALECTS[model.dialect];
  if (dialect === undefined) {
    throw validation(
      `The local Bedrock does not know the InvokeModel format of ${model.id}. Call it through Converse.`,
    );
  }
  return dialect;
}
