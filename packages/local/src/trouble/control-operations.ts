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
  ['POST', /^\/model-customization-jobs$/, 'CreateModelCustomizationJob'],
  ['GET', /^\/model-customization-jobs$/, 'ListModelCustomizationJobs'],
  ['GET', /^\/model-customization-jobs\/[^/]+$/, 'GetModelCustomizationJob'],
  ['POST', /^\/model-customization-jobs\/[^/]+\/stop$/, 'StopModelCustomizationJob'],
  ['GET', /^\/custom-models$/, 'ListCustomModels'],
  ['GET', /^\/custom-models\/[^/]+$/, 'GetCustomModel'],
  ['DELETE', /^\/custom-models\/[^/]+$/, 'DeleteCustomModel'],
  ['POST', /^\/model-customization\/custom-model-deployments$/, 'CreateCustomModelDeployment'],
  ['GET', /^\/model-customization\/custom-model-deployments$/, 'ListCustomModelDeployments'],
  ['GET', /^\/model-customization\/custom-model-deployments\/[^/]+$/, 'GetCustomModelDeployment'],
  ['DELETE', /^\/model-customization\/custom-model-deployments\/[^/]+$/, 'DeleteCustomModelDeployment'],
  ['POST', /^\/tagResource$/, 'TagResource'],
  ['POST', /^\/untagResource$/, 'UntagResource'],
  ['POST', /^\/listTagsForResource$/, 'ListTagsForResource'],
];

/** Name of the control-plane operation a request is; `undefined` when it is none that is known. */
export function controlOperationOf(method: string, path: string): string | undefined {
  return OPERATIONS.find(([ofMethod, pattern]) => ofMethod === method && pattern.test(path))?.[2];
}
