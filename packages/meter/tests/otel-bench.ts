import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

/** One point of a metric, as it was exported. */
export type Point = DataPoint<number> | DataPoint<Histogram>;

/** OpenTelemetry's own SDK with exporters that keep what they get. */
export function startOtel() {
  const spans = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  trace.setGlobalTracerProvider(tracerProvider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  // Exports when it is flushed; the interval is out of the tests' reach.
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  return {
    meterProvider,
    spans: () => spans.getFinishedSpans(),
    /** The points of the latest export, by metric. */
    points: (): Readonly<Record<string, readonly Point[]>> =>
      Object.fromEntries(
        (exporter.getMetrics().at(-1)?.scopeMetrics ?? []).flatMap(({ metrics }) =>
          metrics.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints as readonly Point[]]),
        ),
      ),
    descriptors: () =>
      (exporter.getMetrics().at(-1)?.scopeMetrics ?? []).flatMap(({ metrics }) =>
        metrics.map(({ descriptor }) => descriptor),
      ),
    stop: async () => {
      await Promise.all([meterProvider.shutdown(), tracerProvider.shutdown()]);
      trace.disable();
      context.disable();
    },
  };
}
