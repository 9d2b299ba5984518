import type { Receipt } from '@costkit/core';
import { resolveModel } from '@costkit/pricing';
import { tagValue } from '../dimensions.js';
import { ATTRIBUTE, PROVIDER, TAG_PREFIX } from './names.js';

/** Values of `gen_ai.operation.name` by what a model makes. */
const OPERATIONS: Readonly<Record<string, string>> = {
  text: 'chat',
  embedding: 'embeddings',
  rerank: 'rerank',
};

/** The conventions' name of what was done. Converse chats; what InvokeModel does depends on its model. */
function operationName({ operation, servedModel }: Receipt): string {
  if (operation.startsWith('Converse')) return 'chat';
  return OPERATIONS[resolveModel(servedModel)?.model.kind ?? 'text'] ?? 'generate_content';
}

/** Attributes of few values, which metrics and spans share; of the tags only those that are asked for. */
export function receiptAttributes(receipt: Receipt, tagNames: readonly string[]): Record<string, string> {
  const attributes: Record<string, string> = {
    [ATTRIBUTE.operation]: operationName(receipt),
    [ATTRIBUTE.provider]: PROVIDER,
    [ATTRIBUTE.requestModel]: receipt.requestedModel,
    [ATTRIBUTE.mode]: receipt.mode,
    [ATTRIBUTE.scope]: receipt.scope,
  };
  if (receipt.attempts.length > 0) attributes[ATTRIBUTE.responseModel] = receipt.servedModel;
  for (const name of tagNames) {
    const value = tagValue(receipt.tags, name);
    if (value !== undefined) attributes[TAG_PREFIX + name] = value;
  }
  return attributes;
}
