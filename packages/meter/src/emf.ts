/**
 * Receipts as CloudWatch metrics, by lines in the embedded metric format on standard output.
 * @module
 */
export type { EmfMetric } from './emf/emf-metrics.js';
export { type EmfSinkOptions, emfSink } from './emf/emf-sink.js';
