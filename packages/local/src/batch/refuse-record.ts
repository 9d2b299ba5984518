import type { CatalogueModel } from '@costkit/pricing/catalogue';
import { arrayOf, isObject, type JsonObject, objectOf } from '../json.js';
import type { BatchJobRequest } from './batch-job.js';

/** Members that stand beside the body in a runtime request, and so cannot be inside of a record. */
const FOREIGN_MEMBERS = ['modelId'] as const;

/**
 * Why a record is refused for what batch inference does not do: prompt caching, tools, structured output, service
 * tiers, optimised latency [user guide, batch inference]. That the service refuses such a record rather than
 * ignoring the member, and in which words, is not known (assumed).
 *
 * @returns the error's message, or `undefined` when the record may run
 */
export const refuseRecord = (
  modelInput: JsonObject,
  type: BatchJobRequest['modelInvocationType'],
  model: CatalogueModel,
): string | undefined => {
  for (const name of FOREIGN_MEMBERS) {
    if (!(name in modelInput)) continue;
    return type === 'Converse' || model.dialect === 'anthropic'
      ? `${name}: Extra inputs are not permitted`
      : `Malformed input request: #: extraneous key [${name}] is not permitted, please reformat your input and try again.`;
  }
  if (hasCachePoint(modelInput)) return 'Prompt caching is not supported in batch inference.';
  if (hasTools(modelInput)) return 'Tool use is not supported in batch inference.';
  if (hasStructuredOutput(modelInput)) return 'Structured output is not supported in batch inference.';
  if (hasOwnTier(modelInput)) return 'Service tiers are not supported in batch inference.';
  if (objectOf(modelInput['performanceConfig'])['latency'] === 'optimized') {
    return 'Latency optimized inference is not supported in batch inference.';
  }
  return undefined;
};

const hasTools = (input: JsonObject): boolean =>
  isObject(input['toolConfig']) ||
  arrayOf(input['tools']).length > 0 ||
  arrayOf(input['functions']).length > 0;

const hasStructuredOutput = (input: JsonObject): boolean => {
  const format = objectOf(input['response_format'])['type'];
  return (
    isObject(objectOf(input['outputConfig'])['textFormat']) ||
    isObject(objectOf(input['output_config'])['format']) ||
    (format !== undefined && format !== 'text')
  );
};

const hasOwnTier = (input: JsonObject): boolean => {
  const tier = isObject(input['serviceTier']) ? input['serviceTier']['type'] : input['service_tier'];
  return tier !== undefined && tier !== 'default' && tier !== 'auto';
};

/** Looks only where cache points can stand: a tool's input or a schema may use the same names for its own ends. */
const hasCachePoint = (input: JsonObject): boolean => {
  const lists = [
    input['system'],
    input['tools'],
    objectOf(input['toolConfig'])['tools'],
    ...arrayOf(input['messages']).map((message) => objectOf(message)['content']),
  ];
  return lists.some((list) => arrayOf(list).some(marksCachePoint));
};

const marksCachePoint = (block: unknown): boolean => {
  if (!isObject(block)) return false;
  if (isObject(block['cachePoint']) || isObject(block['cache_control'])) return true;
  const result = objectOf(block['toolResult']);
  return [...arrayOf(result['content']), ...arrayOf(block['content'])].some(
    (inner) => isObject(inner) && (isObject(inner['cachePoint']) || isObject(inner['cache_control'])),
  );
};
