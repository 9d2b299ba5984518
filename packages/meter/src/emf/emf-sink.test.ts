import { Writable } from 'node:stream';
import { Money } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { aReceipt } from '../../tests/a-receipt.js';
import { emfProblems } from '../../tests/emf-rules.js';
import { createMeter } from '../meter.js';
import type { SinkFailure } from '../sink.js';
import { type EmfSinkOptions, emfSink } from './emf-sink.js';

/** A stream that keeps its lines, and takes them when it is told to. */
function aStream() {
  const lines: string[] = [];
  let take: () => void = () => undefined;
  let held = false;
  const stream = new Writable({
    decodeStrings: false,
    write: (line: string, _encoding, callback) => {
      lines.push(line);
      if (held) take = callback;
      else callback();
    },
  });
  return {
    stream,
    lines,
    hold: () => {
      held = true;
    },
    release: () => {
      held = false;
      take();
    },
  };
}

type Line = Record<string, unknown> & {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly [
      { Namespace: string; Dimensions: string[][]; Metrics: { Name: string; Unit: string }[] },
    ];
  };
};

async function written(options: EmfSinkOptions, ...receipts: ReturnType<typeof aReceipt>[]): Promise<Line[]> {
  const { stream, lines } = aStream();
  const sink = emfSink({ ...options, stream });
  for (const receipt of receipts) await sink.write(receipt);
  for (const line of lines) expect(emfProblems(line)).toEqual([]);
  return lines.map((line) => JSON.parse(line) as Line);
}

describe('emfSink', () => {
  it('writes a valid line with cost, tokens, latency, time to first chunk, cache-hit rate and errors', async () => {
    const [line] = await written(
      { namespace: 'shop', dimensions: [[], ['feature'], ['feature', 'servedModel']] },
      aReceipt({
        firstChunkMs: 320.5,
        latencyMs: 800.4,
        error: 'ThrottlingException',
        cost: Money.fromUsd('0.0123'),
        baseline: Money.fromUsd('0.0200'),
        usage: {
          input: 100,
          output: 20,
          cacheRead: 300,
          cacheWrite5m: 60,
          cacheWrite1h: 40,
          cacheWrite30m: 0,
        },
      }),
    );
    expect(line).toMatchObject({
      feature: 'chat',
      servedModel: 'anthropic.claude-haiku-5-5',
      CostUsd: 0.0123,
      SavedUsd: 0.0077,
      InputTokens: 100,
      OutputTokens: 20,
      CacheReadTokens: 300,
      CacheWriteTokens: 100,
      CacheHitRate: 60,
      Latency: 800.4,
      TimeToFirstChunk: 320.5,
      Calls: 1,
      Errors: 1,
      UnpricedCalls: 0,
      EstimatedCalls: 0,
      receipt: { id: 'call-1', requestedModel: 'anthropic.claude-opus-5-5', tags: {} },
    });
    expect(line?._aws).toMatchObject({
      Timestamp: Date.parse('2026-11-22T10:15:00.800Z'),
      CloudWatchMetrics: [{ Namespace: 'shop', Dimensions: [[], ['feature'], ['feature', 'servedModel']] }],
    });
    expect(line?._aws.CloudWatchMetrics[0].Metrics).toContainEqual({ Name: 'Latency', Unit: 'Milliseconds' });
  });

  it('says nothing of what a call does not tell: an unknown price is not $0', async () => {
    const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite30m: 0 };
    const [line] = await written({}, aReceipt({ cost: undefined, usage, quality: 'estimated' }));
    for (const name of ['CostUsd', 'SavedUsd', 'CacheHitRate', 'TimeToFirstChunk'])
      expect(line).not.toHaveProperty(name);
    expect(line).toMatchObject({ UnpricedCalls: 1, EstimatedCalls: 1 });
  });

  it('bounds the values of every dimension, and makes ASCII of them', async () => {
    const features = ['a', 'b', 'c', 'a', 'd', '', 'ü'.repeat(2_000)];
    const lines = await written(
      { dimensions: [['feature']], maxValues: 2 },
      ...features.map((feature) => aReceipt({ tags: { feature } })),
      aReceipt({ tags: {} }),
    );
    expect(lines.map((line) => line['feature'])).toEqual([
      'a',
      'b',
      '(other)',
      'a',
      '(other)',
      '(none)',
      '(other)',
      '(none)',
    ]);
  });

  it('keeps to the values that are named', async () => {
    const lines = await written(
      { dimensions: [['feature']], values: { feature: ['chat', 'search'] }, maxValues: 1 },
      ...['search', 'chat', 'news'].map((feature) => aReceipt({ tags: { feature } })),
    );
    expect(lines.map((line) => line['feature'])).toEqual(['search', 'chat', '(other)']);
  });

  it('writes the metrics that are asked for, and tags to search for', async () => {
    const [line] = await written(
      { metrics: ['CostUsd', 'Errors'], propertyTags: ['tenant', 'absent'] },
      aReceipt({ tags: { tenant: 'acme', user: 'nobody asked' } }),
    );
    expect(line?._aws.CloudWatchMetrics[0].Metrics.map(({ Name }) => Name)).toEqual(['CostUsd', 'Errors']);
    expect(line).toMatchObject({ receipt: { tags: { tenant: 'acme' } } });
    expect(JSON.stringify(line)).not.toContain('nobody asked');
  });

  it('leaves properties out that make a line too long', async () => {
    const [line] = await written(
      { propertyTags: ['essay'] },
      aReceipt({ tags: { essay: 'x'.repeat(300_000) } }),
    );
    expect(line).toMatchObject({ CostUsd: 0.01, receipt: { id: 'call-1', tooLong: true } });
  });

  it('is flushed with the meter, once the stream has taken every line', async () => {
    const { stream, lines, hold, release } = aStream();
    const meter = createMeter({ sinks: [emfSink({ stream })] });
    hold();
    meter.record(aReceipt());
    let flushed = false;
    const flushing = meter.flush().then(() => {
      flushed = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(lines).toHaveLength(1);
    expect(flushed).toBe(false);
    release();
    await flushing;
    expect(flushed).toBe(true);
  });

  it('reports a stream that fails, ends no process over it and leaves no listener behind', async () => {
    const broken = new Writable({ write: (_chunk, _encoding, callback) => callback(new Error('EPIPE')) });
    const failures: SinkFailure[] = [];
    const meter = createMeter({
      sinks: [emfSink({ stream: broken })],
      onError: (failure) => failures.push(failure),
    });
    for (let index = 0; index < 20; index += 1) meter.record(aReceipt());
    await meter.flush();
    await new Promise((resolve) => setImmediate(resolve));
    expect(failures).toHaveLength(20);
    expect(failures[0]).toMatchObject({ sink: 'EMF sink', error: { message: 'EPIPE' } });
    expect(broken.listenerCount('error')).toBe(0);
  });

  it.each([
    { namespace: '' },
    { namespace: 'AWS/Bedrock' },
    { namespace: 'Köln' },
    { dimensions: [] },
    { dimensions: ['feature'] },
    { dimensions: [['']] },
    { dimensions: [[':feature']] },
    { dimensions: [['CostUsd']] },
    { dimensions: [['receipt']] },
    { dimensions: [['day']] },
    { dimensions: [Array.from({ length: 31 }, (_, index) => `tag${index}`)] },
    { maxValues: 0 },
    { values: { feature: ['chat'] } },
    { values: { servedModel: 'nova' }, dimensions: [['servedModel']] },
    { metrics: [] },
    { metrics: ['Cost'] },
    { propertyTags: 'tenant' },
    { stream: {} },
    { dimension: [['feature']] },
  ])('refuses %o', (options) => {
    expect(() => emfSink(options as never)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION' }),
    );
  });
});
