import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { withTags } from '@costkit/core';
import { createMeter, withMeter } from '@costkit/meter';
import { otelSink } from '@costkit/meter/otel';
import { metrics, trace } from '@opentelemetry/api';
import {
  ConsoleMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';

// What your application sets up already, with an exporter of its choice.
const reader = new PeriodicExportingMetricReader({ exporter: new ConsoleMetricExporter() });
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));

const meter = createMeter({ sinks: [otelSink({ tagNames: ['feature'] })] });
const client = withMeter(new BedrockRuntimeClient({ region: 'us-east-1' }), { meter });

await trace.getTracer('shop').startActiveSpan('answer', async (span) => {
  await withTags({ feature: 'chat' }, () =>
    client.send(
      new ConverseCommand({
        modelId: 'us.amazon.nova-lite-v1:0',
        messages: [{ role: 'user', content: [{ text: 'Say hello.' }] }],
      }),
    ),
  );
  span.end(); // carries costkit.cost.usd, gen_ai.usage.input_tokens, …
});
await meter.flush();
await reader.shutdown();
