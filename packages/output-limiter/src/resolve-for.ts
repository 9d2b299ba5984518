import type { Call } from '@costkit/core';
import { type ResolvedModel, resolveModel } from '@costkit/pricing';

/** The catalogue's model behind an id or ARN, through the caller's own map where the call knows it. */
export function resolveFor(call: Call, modelId: string): ResolvedModel | undefined {
  const { resolve } = call as { resolve?: (modelId: string) => ResolvedModel | undefined };
  return resolve === undefined ? resolveModel(modelId) : resolve.call(call, modelId);
}
