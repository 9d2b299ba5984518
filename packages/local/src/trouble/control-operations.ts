/** Names of the control-plane operations by method and path (service model of `bedrock`). */
const OPERATIONS: readonly (readonly [method: string, path: RegExp, operation: string])[] = [
  ['GET', /^\/foundation-models$/, 'ListFoundationModels'],
  ['GET', /^\/foundation-models\/[^/]+$/, 'GetFoundationModel'],
  ['GET', /^\/inference-profiles$/, 'ListInferenceProfiles'],
  ['POST', /^\/inference-profiles$/, 'CreateInferenceProfile'],
  ['GET', /^\/inference-profiles\/[^/]+$/, 'GetInferenceProfile'],
  ['DELETE', /^\/inference-profiles\/[^/]+$/, 'DeleteInferenceProfile'],
  ['GET', /^\/logging\/modelinvocations$/, 'GetModelInvocationLoggingConfiguration'],
  ['PUT', /^\/logging\/modelinvocations$/, 'PutModelInvocationLoggingConfiguration'],
  ['DELETE', /^\/logging\/modelinvocations$/, 'DeleteModelInvocationLoggingConfiguration'],
  ['POST', /^\/model-invocation-job$/, 'CreateModelInvocationJob'],
  ['GET', /^\/model-invocation-jobs$/, 'ListModelInvocationJobs'],
  ['GET', /^\/model-invocation-job\/[^/]+$/, 'GetModelInvocationJob'],
  ['POST', /^\/model-invocation-job\/[^/]+\/stop$/, 'StopModelInvocationJob'],
  ['POST', /^\/tagResource$/, 'TagResource'],
  ['POST', /^\/untagResource$/, 'UntagResource'],
  ['POST', /^\/listTagsForResource$/, 'ListTagsForResource'],
];

/** Name of the control-plane operation a request is; `undefined` when it is none that is known. */
export function controlOperationOf(method: string, path: string): string | undefined {
  return OPERATIONS.find(([ofMethod, pattern]) => ofMethod === method && pattern.test(path))?.[2];
}
