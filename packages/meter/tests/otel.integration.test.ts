import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { withTags } from '@costkit/core';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withMeter } from '../src/index.js';
import { otelSink } from '../src/otel.js';
import { startOtel } from './otel-bench.js';

let bedrock: LocalBedrock;
let otel: ReturnType<typeof startOtel>;
beforeEach(async () => {
  otel = startOtel();
  bedrock = await startLocalBedrock();
});
afterEach(async () => {
  await bedrock.stop();
  await otel.stop();
});

const input = {
  modelId: 'us.amazon.nova-lite-v1:0',
  messages: [{ role: 'user' as const, content: [{ text: 'Hello' }] }],
};

describe('otelSink on a client', () => {
  it.each(['enforce', 'observe'] as const)(
    'tells each of several parallel calls its own span, streams among them (%s)',
    async (mode) => {
      const client = withMeter(new BedrockRuntimeClient(bedrock.clientConfig), {
        mode,
        sinks: [otelSink({ meterProvider: otel.meterProvider, tagNames: ['feature'] })],
      });
      const inSpan = (name: string, call: () => Promise<unknown>): Promise<void> =>
        trace.getTracer('test').startActiveSpan(name, async (span) => {
          await withTags({ feature: name }, call);
          span.end();
        });
      await Promise.all([
        inSpan('one', () => client.send(new ConverseCommand(input))),
        inSpan('two', () => client.send(new ConverseCommand(input))),
        inSpan('stream', async () => {
          const { stream } = await client.send(new ConverseStreamCommand(input));
          for await (const _ of stream ?? []) void _;
        }),
      ]);
      const spans = otel.spans();
      expect(spans.map(({ name }) => name).sort()).toEqual(['one', 'stream', 'two']);
      for (const { name, attributes } of spans) {
        expect(attributes).toMatchObject({
          'costkit.calls': 1,
          'costkit.tag.feature': name,
          'gen_ai.provider.name': 'aws.bedrock',
          'gen_ai.response.model': 'amazon.nova-lite-v1:0',
        });
      }
      const sum = spans.reduce((total, { attributes }) => total + Number(attributes['costkit.cost.usd']), 0);
      expect(sum).toBeCloseTo(bedrock.bill().total.usd, 12);
    },
  );
});
