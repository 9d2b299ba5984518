import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyzeLogs } from '../src/analyze-logs.js';
import { fetchBedrockMetrics } from '../src/aws/fetch-bedrock-metrics.js';
import { fetchCosts } from '../src/aws/fetch-costs.js';
import { hoursOfSeries, type SeriesSums } from '../src/aws/hours-of-series.js';
import { FIGURES } from '../src/aws/metric-series.js';
import { type MetricsHour, metricsLine } from '../src/aws/metrics-hour.js';
import { aRecord, HOUR, lines, RECORD_USD, writeBelow } from './one-record.js';
import { temporaryFolder } from './temporary-folder.js';

const SONNET = 'us.anthropic.claude-sonnet-5-5';
const AT = Date.UTC(2026, 9, 20, 10);
const HOUR_MS = 3_600_000;

/** An hour of ten calls like {@link aRecord}. */
const anHour = (about: Partial<MetricsHour> = {}): MetricsHour => ({
  hour: '2026-10-20T10:00:00.000Z',
  region: 'us-east-1',
  account: '123456789012',
  modelId: SONNET,
  tier: 'standard',
  invocations: 10,
  clientErrors: 0,
  serverErrors: 0,
  throttles: 0,
  inputTokens: 10_000,
  outputTokens: 1_000,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  ...about,
});

const series = (metric: string, value: number, about: Partial<SeriesSums['series']> = {}): SeriesSums => ({
  series: { metric, figure: FIGURES[metric] ?? 'invocations', modelId: SONNET, dimensions: [], ...about },
  sums: new Map([[AT, value]]),
});
const WHERE = { region: 'us-east-1', modelId: SONNET };

describe('analyzeLogs of metrics', { timeout: 60_000 }, () => {
  it('counts calls by weight, an hour that was fetched twice once, and what failed', async () => {
    const folder = temporaryFolder();
    const early = anHour({ invocations: 4, inputTokens: 4_000, outputTokens: 400 });
    writeBelow(folder, 'early.jsonl', metricsLine(early));
    writeBelow(
      folder,
      'late.jsonl',
      [
        anHour(),
        anHour({ hour: '2026-10-20T11:00:00.000Z', throttles: 3, serverErrors: 1 }),
        anHour({
          modelId: 'us.amazon.nova-canvas-v1:0',
          inputTokens: undefined,
          outputTokens: undefined,
        } as never),
      ]
        .map(metricsLine)
        .join(''),
    );
    const { calls, failed, unpriced, total, attribution, recommendations } = await analyzeLogs({
      source: folder,
    });
    expect([calls, failed, unpriced]).toEqual([34, 4, 10]);
    expect(total.usd).toBeCloseTo(20 * RECORD_USD, 12);
    expect(attribution.hour.map(({ value, calls: of }) => [value, of])).toEqual([
      ['10', 20],
      ['11', 14],
    ]);
    expect(recommendations.map(({ kind, calls: of }) => [kind, of])).toContainEqual(['measure', 20]);
    expect(recommendations.map(({ kind }) => kind)).not.toContain('output-cap');
  });

  it('lets a log speak for the hours and Regions it covers', async () => {
    const folder = temporaryFolder();
    writeBelow(folder, `${HOUR}/a.json.gz`, lines(aRecord('a')));
    const others = [
      anHour(),
      anHour({ hour: '2026-10-20T09:00:00.000Z' }),
      anHour({ region: 'us-west-2' }),
      anHour({ account: '999999999999' }),
    ];
    writeBelow(folder, 'metrics.jsonl', others.map(metricsLine).join(''));
    const { calls, total, notes } = await analyzeLogs({ source: folder, threads: 1 });
    expect(calls).toBe(31);
    expect(total.usd).toBeCloseTo(31 * RECORD_USD, 12);
    expect(notes.join(' ')).toContain('10 calls of the metrics are in a log or ledger, too');
  });

  it('takes off what a ledger has, which knows only calls of its own application', async () => {
    const folder = temporaryFolder();
    const usage = {
      input: 1_000,
      output: 100,
      cacheRead: 0,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      cacheWrite30m: 0,
    };
    const attempt = { modelId: SONNET, region: 'us-east-1', mode: 'standard', usage };
    const attempts = [{ ...attempt, startedAt: '2026-10-20T10:20:00.000Z', latencyMs: 900, requestId: 'a' }];
    const receipt = { format: 1, id: 'r', operation: 'Converse', tags: { feature: 'search' }, attempts };
    writeBelow(folder, 'ledger.jsonl', `${JSON.stringify(receipt)}\n`);
    writeBelow(folder, 'metrics.jsonl', metricsLine(anHour()));
    const { calls, total, attribution } = await analyzeLogs({ source: folder, threads: 1 });
    expect(calls).toBe(10);
    expect(total.usd).toBeCloseTo(10 * RECORD_USD, 12);
    expect(attribution.feature.map(({ value, calls: of }) => [value, of])).toEqual([
      ['untagged', 9],
      ['search', 1],
    ]);
    // It does not say whose call that was: of two accounts one had it.
    writeBelow(folder, 'other.jsonl', metricsLine(anHour({ account: '999999999999', invocations: 5 })));
    expect((await analyzeLogs({ source: folder, threads: 1 })).calls).toBe(15);
  });

  it('prices long prompts by their average, not by their sum', async () => {
    const folder = temporaryFolder();
    const model = { modelId: 'us.anthropic.claude-haiku-5-5' };
    const hours = [
      anHour({ ...model, invocations: 1_000, inputTokens: 1_000_000, outputTokens: 1_000 }),
      anHour({
        ...model,
        hour: '2026-10-20T11:00:00.000Z',
        invocations: 1,
        inputTokens: 1_000,
        outputTokens: 1,
      }),
    ];
    writeBelow(folder, 'a.jsonl', hours.map(metricsLine).join(''));
    const [many, single] = (await analyzeLogs({ source: folder, threads: 1 })).attribution.hour;
    expect(single?.cost.usd).toBeGreaterThan(0);
    expect(many?.cost.picoUsd).toBe(1_000n * (single?.cost.picoUsd ?? 0n));
  });
});

describe('hoursOfSeries', () => {
  it('takes what no tier accounts for as standard, and a metric of two names once', () => {
    const hours = hoursOfSeries(
      [
        series('Invocations', 10),
        series('Invocations', 3, { resolvedTier: 'flex' }),
        series('InputTokenCount', 1_000),
        series('InputTokenCount', 300, { resolvedTier: 'flex' }),
        series('CacheReadInputTokenCount', 70),
        series('CacheReadInputTokens', 70),
      ],
      WHERE,
    );
    expect(hours).toMatchObject([
      { tier: 'flex', invocations: 3, inputTokens: 300, cacheReadTokens: 0 },
      { tier: 'standard', invocations: 7, inputTokens: 700, cacheReadTokens: 70 },
    ]);
  });

  it('reads optimised latency from the end of the id, and leaves tokens away where none were counted', () => {
    const modelId = `${SONNET}+latency-optimized`;
    expect(hoursOfSeries([series('Invocations', 2, { modelId })], { ...WHERE, modelId })).toEqual([
      {
        hour: '2026-10-20T10:00:00.000Z',
        region: 'us-east-1',
        modelId: SONNET,
        tier: 'latencyOptimized',
        invocations: 2,
        clientErrors: 0,
        serverErrors: 0,
        throttles: 0,
      },
    ]);
  });

  it('adds up to the series of all tiers, whatever the tiers are', () => {
    const tier = fc.constantFrom('default', 'flex', 'priority', 'reserved');
    fc.assert(
      fc.property(fc.nat(1_000), fc.array(fc.tuple(tier, fc.nat(1_000)), { maxLength: 6 }), (rest, tiers) => {
        const known = tiers.reduce((sum, [, value]) => sum + value, 0);
        const all = tiers.map(([resolvedTier, value]) => series('Invocations', value, { resolvedTier }));
        const hours = hoursOfSeries([series('Invocations', known + rest), ...all], WHERE);
        expect(hours.reduce((sum, { invocations }) => sum + invocations, 0)).toBe(known + rest);
        expect(new Set(hours.map((hour) => hour.tier)).size).toBe(hours.length);
      }),
    );
  });
});

describe('fetching', { timeout: 60_000 }, () => {
  const from = new Date(AT);
  const to = new Date(AT + HOUR_MS);

  it('asks for at most 500 series at once, and says so when CloudWatch keeps something back', async () => {
    const folder = temporaryFolder();
    const asked: number[] = [];
    const client = (status: string) => ({
      send: async ({ input }: { input: { MetricDataQueries?: { Id: string }[] } }) => {
        if (input.MetricDataQueries === undefined) {
          return {
            Metrics: Array.from({ length: 501 }, (_, index) => ({
              MetricName: 'Invocations',
              Dimensions: [{ Name: 'ModelId', Value: `model-${index}` }],
            })),
          };
        }
        asked.push(input.MetricDataQueries.length);
        const MetricDataResults = input.MetricDataQueries.map(({ Id }) => ({
          Id,
          Timestamps: [from],
          Values: [1],
          StatusCode: status,
        }));
        return { MetricDataResults };
      },
    });
    const options = { file: join(folder, 'metrics.jsonl'), from, to };
    expect(await fetchBedrockMetrics({ ...options, clients: { 'us-east-1': client('Complete') } })).toBe(501);
    expect(asked).toEqual([500, 1]);
    expect(readFileSync(options.file, 'utf8').split('\n')).toHaveLength(502);
    await expect(
      fetchBedrockMetrics({ ...options, clients: { 'us-east-1': client('PartialData') } }),
    ).rejects.toMatchObject({ code: 'COSTKIT_INSIGHTS_METRICS_INCOMPLETE' });
  });

  it('says what is wrong with options', async () => {
    const client = { send: async () => ({}) };
    const file = join(temporaryFolder(), 'file');
    for (const wrong of [
      { clients: {}, file, from, to },
      { clients: { 'us-east-1': {} }, file, from, to },
      { clients: { 'us-east-1': client }, file, from, to: from },
      { clients: { 'us-east-1': client }, file, from: new Date(Number.NaN), to },
      { clients: { 'us-east-1': client }, from, to },
      { clients: { 'us-east-1': client }, file, from, to, regions: [] },
    ]) {
      await expect(fetchBedrockMetrics(wrong as never)).rejects.toMatchObject({
        code: 'COSTKIT_INVALID_OPTION',
      });
    }
    for (const wrong of [
      { client, file, from, to: from },
      { client: {}, file, from, to },
      { client, file, to },
    ]) {
      await expect(fetchCosts(wrong as never)).rejects.toMatchObject({ code: 'COSTKIT_INVALID_OPTION' });
    }
  });

  it('refuses answers of Cost Explorer that are not by day and usage type', async () => {
    const answer = (Key: string, End: string): string =>
      JSON.stringify(
        {
          GroupDefinitions: [{ Type: 'DIMENSION', Key }],
          ResultsByTime: [
            {
              TimePeriod: { Start: '2026-10-20', End },
              Groups: [{ Keys: ['x'], Metrics: { UnblendedCost: { Amount: '1', Unit: 'USD' } } }],
            },
          ],
        },
        null,
        4,
      );
    for (const [key, end] of [
      ['SERVICE', '2026-10-21'],
      ['USAGE_TYPE', '2026-11-01'],
    ] as const) {
      const folder = temporaryFolder();
      writeBelow(folder, 'costs.json', answer(key, end));
      await expect(analyzeLogs({ source: folder, threads: 1 })).rejects.toMatchObject({
        code: 'COSTKIT_INSIGHTS_COSTS_TOO_COARSE',
      });
    }
  });
});
