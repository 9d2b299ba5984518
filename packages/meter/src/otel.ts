/**
 * Receipts as OpenTelemetry metrics and span attributes.
 * @module
 */
export { type OtelSinkOptions, otelSink } from './otel/otel-sink.js';
