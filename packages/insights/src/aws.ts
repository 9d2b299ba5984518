/**
 * What an account knows without invocation logging: CloudWatch's metrics, outputs of batch jobs and
 * Cost Explorer, as files for an analysis.
 * @module
 */
export type { AwsClientLike } from './aws/client-like.js';
export { type FetchBatchOutputsOptions, fetchBatchOutputs } from './aws/fetch-batch-outputs.js';
export { type FetchBedrockMetricsOptions, fetchBedrockMetrics } from './aws/fetch-bedrock-metrics.js';
export { type FetchCostsOptions, fetchCosts } from './aws/fetch-costs.js';
