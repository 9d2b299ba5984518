/**
 * What an account knows without invocation logging: CloudWatch's metrics and Cost Explorer, as files for an analysis.
 * @module
 */
export type { AwsClientLike } from './aws/client-like.js';
export { type FetchBedrockMetricsOptions, fetchBedrockMetrics } from './aws/fetch-bedrock-metrics.js';
export { type FetchCostsOptions, fetchCosts } from './aws/fetch-costs.js';
