import { Money } from '@costkit/core';
import { type MeterProvider, metrics, trace } from '@opentelemetry/api';
import type { Histogram } from '@opentelemetry/sdk-metrics';
import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aReceipt } from '../../tests/a-receipt.js';
import { type Point, startOtel } from '../../tests/otel-bench.js';
import { ATTRIBUTE, METRIC, PROVIDER } from './names.js';
import { otelSink } from './otel-sink.js';

let otel: ReturnType<typeof startOtel>;
beforeEach(() => {
  otel = startOtel();
});
afterEach(() => otel.stop());

const only = (points: readonly Point[] | undefined): Point => {
  expect(points).toHaveLength(1);
  return points?.[0] as Point;
};
const sumOf = ({ value }: Point): unknown => (typeof value === 'number' ? value : (value as Histogram).sum);

const BASE = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'aws.bedrock',
  'gen_ai.request.model': 'anthropic.claude-opus-5-5',
  'gen_ai.response.model': 'anthropic.claude-haiku-5-5',
  'costkit.pricing.mode': 'standard',
  'costkit.pricing.scope': 'global',
};
const attempts = [{}] as never;

describe('names', () => {
  it('are those of the conventions, or our own', () => {
    const known = new Set<unknown>(Object.values(conventions).filter((value) => typeof value === 'string'));
    const foreign = [...Object.values(METRIC), ...Object.values(ATTRIBUTE)].filter(
      (name) => !name.startsWith('costkit.'),
    );
    expect(foreign.filter((name) => !known.has(name))).toEqual([]);
    expect(PROVIDER).toBe(conventions.GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK);
  });
});

describe('otelSink', () => {
  it('records cost, tokens, durations, cache-hit rate and saving of a call', async () => {
    const sink = otelSink({ meterProvider: otel.meterProvider, tagNames: ['feature', 'absent'] });
    void sink.write(
      aReceipt({
        attempts,
        operation: 'ConverseStream',
        firstChunkMs: 320,
        cost: Money.fromUsd('0.02'),
        baseline: Money.fromUsd('0.03'),
        tags: { feature: 'chat', user: 'no attribute' },
        usage: {
          input: 100,
          output: 20,
          cacheRead: 300,
          cacheWrite5m: 0,
          cacheWrite1h: 100,
          cacheWrite30m: 0,
        },
      }),
    );
    await sink.flush?.();
    const points = otel.points();
    const base = { ...BASE, 'costkit.tag.feature': 'chat' };
    for (const [name, sum] of [
      ['gen_ai.client.operation.duration', 0.8],
      ['gen_ai.client.operation.time_to_first_chunk', 0.32],
      ['costkit.cache.hit_rate', 0.6],
      ['costkit.cost', 0.02],
      ['costkit.saved', 0.01],
    ] as const) {
      const point = only(points[name]);
      expect([name, sumOf(point), point.attributes]).toEqual([name, sum, base]);
    }
    const byAttribute = (name: string, attribute: string): unknown =>
      Object.fromEntries((points[name] ?? []).map((point) => [point.attributes[attribute], sumOf(point)]));
    expect(byAttribute('gen_ai.client.token.usage', 'gen_ai.token.type')).toEqual({ input: 500, output: 20 });
    expect(byAttribute('costkit.tokens', 'costkit.token.kind')).toEqual({
      input: 100,
      output: 20,
      cache_read: 300,
      cache_write_1h: 100,
    });
    expect(otel.descriptors().map(({ name, unit }) => [name, unit])).toEqual(
      expect.arrayContaining([
        ['gen_ai.client.token.usage', '{token}'],
        ['gen_ai.client.operation.duration', 's'],
      ]),
    );
    const duration = only(points['gen_ai.client.operation.duration']).value as Histogram;
    expect(duration.buckets.boundaries.slice(0, 3)).toEqual([0.01, 0.02, 0.04]);
  });

  it('has no cost where the price is unknown, and counts that', async () => {
    const sink = otelSink({ meterProvider: otel.meterProvider });
    void sink.write(aReceipt({ attempts, cost: undefined, quality: 'estimated' }));
    await sink.flush?.();
    const points = otel.points();
    expect(points['costkit.cost'] ?? []).toEqual([]);
    expect(points['costkit.saved'] ?? []).toEqual([]);
    expect(sumOf(only(points['costkit.calls.unpriced']))).toBe(1);
    expect(sumOf(only(points['costkit.calls.estimated']))).toBe(1);
  });

  it('names the error, and no usage where there is none', async () => {
    const sink = otelSink({ meterProvider: otel.meterProvider });
    const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite30m: 0 };
    void sink.write(aReceipt({ error: 'ThrottlingException', usage, cost: Money.zero }));
    await sink.flush?.();
    const points = otel.points();
    expect(only(points['gen_ai.client.operation.duration']).attributes).toEqual({
      ...BASE,
      'gen_ai.response.model': undefined,
      'error.type': 'ThrottlingException',
    });
    expect(points['gen_ai.client.token.usage'] ?? []).toEqual([]);
    expect(points['costkit.cache.hit_rate'] ?? []).toEqual([]);
  });

  it.each([
    ['InvokeModel', 'amazon.titan-embed-text-v2:0', 'embeddings'],
    ['InvokeModel', 'amazon.nova-lite-v1:0', 'chat'],
    ['InvokeModel', 'cohere.rerank-v3-5:0', 'rerank'],
    ['InvokeModel', 'stability.stable-image-core-v1:1', 'generate_content'],
    ['InvokeModel', 'acme.unheard-of', 'chat'],
    ['ConverseStream', 'amazon.nova-lite-v1:0', 'chat'],
  ] as const)('calls %s of %s %s', async (operation, servedModel, name) => {
    const sink = otelSink({ meterProvider: otel.meterProvider });
    void sink.write(aReceipt({ operation, servedModel }));
    await sink.flush?.();
    expect(only(otel.points()['costkit.cost']).attributes['gen_ai.operation.name']).toBe(name);
  });

  it('follows the global provider, also one that comes later, and bears that there is none', async () => {
    const sink = otelSink();
    void sink.write(aReceipt());
    await sink.flush?.();
    metrics.setGlobalMeterProvider(otel.meterProvider);
    void sink.write(aReceipt());
    await sink.flush?.();
    metrics.disable();
    expect(sumOf(only(otel.points()['costkit.cost']))).toBe(0.01);
  });

  it('records once the call has its answer, and goes on after an instrument that throws', async () => {
    let throws = true;
    const recorded: number[] = [];
    const meterProvider = {
      getMeter: () => {
        const add = (): void => {
          if (throws) throw new Error('instrument');
          recorded.push(1);
        };
        const instrument = () => ({ add: () => undefined, record: () => undefined });
        return {
          createHistogram: instrument,
          createUpDownCounter: instrument,
          createCounter: () => ({ add }),
        };
      },
    } as unknown as MeterProvider;
    const sink = otelSink({ meterProvider });
    const first = sink.write(aReceipt());
    void sink.write(aReceipt());
    expect(recorded).toEqual([]);
    await expect(first).rejects.toThrow('instrument');
    throws = false;
    await sink.write(aReceipt());
    // Tokens of three kinds and the cost, of the second and the third call.
    expect(recorded).toHaveLength(8);
  });

  it('writes to the span that was active when the call began, also when another is active at its end', () => {
    const sink = otelSink({ meterProvider: otel.meterProvider, tagNames: ['feature'] });
    const tracer = trace.getTracer('test');
    const span = tracer.startActiveSpan('call', (active) => {
      sink.open?.('call-1');
      return active;
    });
    tracer.startActiveSpan('later', (later) => {
      void sink.write(
        aReceipt({ attempts, operation: 'ConverseStream', firstChunkMs: 500, tags: { feature: 'chat' } }),
      );
      later.end();
    });
    span.end();
    const [later, call] = otel.spans();
    expect(later?.attributes).toEqual({});
    expect(call?.attributes).toEqual({
      ...BASE,
      'costkit.tag.feature': 'chat',
      'costkit.calls': 1,
      'costkit.calls.unpriced': 0,
      'costkit.calls.estimated': 0,
      'costkit.cost.usd': 0.01,
      'costkit.baseline.usd': 0.03,
      'costkit.saved.usd': 0.02,
      'costkit.latency.seconds': 0.8,
      'costkit.cache.hit_rate': 0.75,
      'costkit.receipt.id': 'call-1',
      'gen_ai.request.stream': true,
      'gen_ai.response.finish_reasons': ['end_turn'],
      'gen_ai.response.time_to_first_chunk': 0.5,
      'gen_ai.usage.input_tokens': 400,
      'gen_ai.usage.output_tokens': 20,
      'gen_ai.usage.cache_read.input_tokens': 300,
      'gen_ai.usage.cache_creation.input_tokens': 0,
    });
  });

  it('adds up the calls of one span', () => {
    const sink = otelSink({ meterProvider: otel.meterProvider });
    trace.getTracer('test').startActiveSpan('request', (span) => {
      for (const id of ['a', 'b', 'c']) sink.open?.(id);
      void sink.write(aReceipt({ id: 'a', cost: Money.fromUsd('0.1') }));
      void sink.write(aReceipt({ id: 'b', cost: Money.fromUsd('0.2') }));
      void sink.write(aReceipt({ id: 'c', cost: undefined }));
      span.end();
    });
    expect(otel.spans()[0]?.attributes).toMatchObject({
      'costkit.calls': 3,
      'costkit.calls.unpriced': 1,
      'costkit.cost.usd': 0.3,
      'gen_ai.usage.output_tokens': 60,
    });
  });

  it('leaves alone a span that has ended, and calls without one', () => {
    const sink = otelSink({ meterProvider: otel.meterProvider });
    sink.open?.('alone');
    trace.getTracer('test').startActiveSpan('short', (span) => {
      sink.open?.('call-1');
      span.end();
    });
    void sink.write(aReceipt({ id: 'alone' }));
    void sink.write(aReceipt());
    expect(otel.spans()[0]?.attributes).toEqual({});
    expect(otelSink({ spanAttributes: false }).open).toBeUndefined();
  });

  it('remembers no more spans than calls that can be on their way', () => {
    const sink = otelSink({ meterProvider: otel.meterProvider });
    trace.getTracer('test').startActiveSpan('request', (span) => {
      for (let index = 0; index <= 10_000; index += 1) sink.open?.(`call-${index}`);
      for (const id of ['call-0', 'call-1']) void sink.write(aReceipt({ id }));
      span.end();
    });
    expect(otel.spans()[0]?.attributes['costkit.calls']).toBe(1);
  });

  it.each([{ meterProvider: {} }, { tagNames: 'feature' }, { spanAttributes: 'yes' }, { tags: [] }])(
    'refuses %o',
    (options) => {
      expect(() => otelSink(options as never)).toThrow(
        expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION' }),
      );
    },
  );
});
