import { describe, expect, it } from 'vitest';
import { analyzeLogs } from '../src/analyze-logs.js';
import { aRecord, HOUR, lines, RECORD_USD, writeBelow } from './one-record.js';
import { temporaryFolder } from './temporary-folder.js';

const USAGE = { input: 1_000, output: 100, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite30m: 0 };

/** A receipt as `jsonlSink` writes it: one call, two paid attempts. */
function aReceiptLine(id: string): string {
  const attempt = (modelId: string, requestId?: string): object => ({
    purpose: 'answer',
    modelId,
    servedModel: modelId,
    scope: 'global',
    region: 'us-east-1',
    mode: 'standard',
    startedAt: '2026-10-20T10:00:00.000Z',
    latencyMs: 900,
    ...(requestId === undefined ? {} : { requestId }),
    usage: { ...USAGE, cacheWrite1h: 500 },
    costUsd: null,
    quality: 'measured',
    complete: true,
  });
  const attempts = [
    attempt('global.anthropic.claude-haiku-5-5', `${id}-1`),
    attempt('global.anthropic.claude-sonnet-5-5'),
  ];
  return `${JSON.stringify({ format: 1, id, startedAt: '2026-10-20T10:00:00.000Z', operation: 'Converse', tags: { feature: 'search' }, usage: USAGE, attempts })}\n`;
}

describe('analyzeLogs', { timeout: 60_000 }, () => {
  it('reads ledgers: every paid attempt, with the tags of its call', async () => {
    const folder = temporaryFolder();
    writeBelow(folder, 'receipts.jsonl', `${aReceiptLine('a')}{"format":1,"id":\n`);
    const { calls, brokenLines, total, attribution } = await analyzeLogs({ source: folder, threads: 1 });
    expect([calls, brokenLines]).toEqual([2, 1]);
    expect(attribution.feature).toMatchObject([
      { value: 'search', calls: 2, usage: { cacheWrite1h: 1_000, cacheWrite5m: 0 } },
    ]);
    // Haiku 0.10, 0.50 and 0.20 a million; Sonnet 2, 10 and 4.
    expect(total.usd).toBeCloseTo((1_000 * 2.1 + 100 * 10.5 + 500 * 4.2) / 1e6, 12);
  });

  it('finds provisioned throughput that nobody calls, and that costs more than on demand', async () => {
    const folder = temporaryFolder();
    const [idle, used, busy] = ['idle', 'used', 'busy'].map(
      (name) => `arn:aws:bedrock:us-east-1:123456789012:provisioned-model/${name.padEnd(12, '0')}`,
    );
    const record = (id: string, modelId: string | undefined, input: number, hours: number) =>
      aRecord(id, { modelId: modelId ?? '', input, at: Date.UTC(2026, 9, 20, hours) });
    writeBelow(
      folder,
      `${HOUR}/a.json.gz`,
      lines(record('a', used, 1_000_000, 0), record('b', busy, 100_000_000, 10), record('c', used, 0, 20)),
    );
    const model = 'amazon.nova-pro-v1:0';
    const { recommendations, perMonth, perMonthAfter } = await analyzeLogs({
      source: folder,
      models: { [used ?? '']: model, [busy ?? '']: model },
      provisionedUsdPerHour: { [idle ?? '']: '39.60', [used ?? '']: '2', [busy ?? '']: '2' },
    });
    const found = recommendations.filter(({ kind }) => kind === 'idle-provisioned');
    expect(found.map(({ modelId, title }) => [modelId, /nobody calls/.test(title)])).toEqual([
      [idle, true],
      [used, false],
    ]);
    expect(found[0]?.perMonth.expected.usd).toBeCloseTo(39.6 * 20 * 30.437_5, 1);
    // It is paid by the hour, and no part of what the calls cost.
    expect(perMonthAfter).toEqual(perMonth);
  });

  it('takes calls of provisioned throughput for paid by its hours, as receipts do', async () => {
    const folder = temporaryFolder();
    const provisioned = 'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/used00000000';
    const system = [{ text: 'x'.repeat(20_000) }];
    const records = Array.from({ length: 60 }, (_, minute) =>
      aRecord(`r${minute}`, {
        at: Date.UTC(2026, 9, 20, 10, minute),
        modelId: provisioned,
        input: 5_000,
        body: { system, messages: [{ role: 'user', content: [{ text: `Question ${minute}` }] }] },
      }),
    );
    writeBelow(folder, `${HOUR}/a.json.gz`, lines(...records, aRecord('on demand')));
    const { total, unpriced, recommendations, provisionedUse } = await analyzeLogs({
      source: folder,
      models: { [provisioned]: 'amazon.nova-pro-v1:0' },
      provisionedUsdPerHour: { [provisioned]: '20' },
      minUsdPerMonth: 0,
      minShare: 0,
      threads: 1,
    });
    expect(total.usd).toBe(RECORD_USD);
    expect(unpriced).toBe(0);
    expect(recommendations.filter(({ modelId }) => modelId === provisioned).map(({ kind }) => kind)).toEqual([
      'idle-provisioned',
    ]);
    expect(provisionedUse[0]?.onDemandUsdPerHour.usd).toBeCloseTo((60 * (5_000 * 0.8 + 100 * 3.2)) / 1e6, 9);
  });

  it('finds idle provisioned throughput on the bill, in Regions of which there are calls', async () => {
    const folder = temporaryFolder();
    const provisioned = 'arn:aws:bedrock:us-west-2:123456789012:provisioned-model/used00000000';
    const records = [
      aRecord('a'),
      aRecord('b', { modelId: provisioned, region: 'us-west-2', input: 1_000_000 }),
      aRecord('c', { modelId: provisioned.replace('us-west-2', 'eu-west-1'), region: 'eu-west-1' }),
    ];
    writeBelow(folder, `${HOUR}/a.json.gz`, lines(...records));
    const hours = (code: string, usd: number): string =>
      `2026-10-20,Usage,${code}-NovaPro-ProvisionedThroughput-NoCommit-ModelUnits,AmazonBedrock,${usd},24,Hrs\n`;
    writeBelow(
      folder,
      'cur.csv',
      `line_item_usage_start_date,line_item_line_item_type,line_item_usage_type,product_servicename,line_item_unblended_cost,line_item_usage_amount,pricing_unit
${hours('USE1', 48)}${hours('USW2', 96)}${hours('EUW1', 100)}${hours('APN1', 100)}`,
    );
    const { recommendations } = await analyzeLogs({
      source: folder,
      models: { [provisioned]: 'amazon.nova-pro-v1:0' },
    });
    const found = recommendations.filter(({ kind }) => kind === 'idle-provisioned');
    // Nova Pro takes 0.80 and 3.20 a million; whether Ireland's calls would be cheaper is unknown, Tokyo has none.
    expect(found.map(({ title, perMonth }) => [title, perMonth.expected.usd])).toEqual([
      [
        'Give back provisioned throughput that is dearer than on demand ($4.00 an hour)',
        expect.closeTo((96 - 0.800_32) * 30.437_5, 3),
      ],
      [
        'Give back provisioned throughput that nobody calls ($2.00 an hour)',
        expect.closeTo(48 * 30.437_5, 3),
      ],
    ]);
    expect(found[1]?.patch).toContain("--region 'us-east-1'");
  });

  it('makes a month of the days that bill and logs both cover', async () => {
    const folder = temporaryFolder();
    const provisioned = 'arn:aws:bedrock:us-west-2:123456789012:provisioned-model/used00000000';
    // Ten days of a million tokens each, of which the bill has the last five.
    const records = Array.from({ length: 11 }, (_, day) =>
      aRecord(`r${day}`, {
        at: Date.UTC(2026, 9, 10 + day, 10),
        modelId: provisioned,
        region: 'us-west-2',
        input: 1_000_000,
      }),
    );
    writeBelow(folder, `${HOUR}/a.json.gz`, lines(...records));
    const rows = [16, 17, 18, 19, 20].map(
      (day) =>
        `2026-10-${day},Usage,USW2-NovaPro-ProvisionedThroughput-NoCommit-ModelUnits,AmazonBedrock,96,24,Hrs\n`,
    );
    writeBelow(
      folder,
      'cur.csv',
      `line_item_usage_start_date,line_item_line_item_type,line_item_usage_type,product_servicename,line_item_unblended_cost,line_item_usage_amount,pricing_unit
${rows.join('')}`,
    );
    const { recommendations } = await analyzeLogs({
      source: folder,
      models: { [provisioned]: 'amazon.nova-pro-v1:0' },
      threads: 1,
    });
    const [found] = recommendations.filter(({ kind }) => kind === 'idle-provisioned');
    expect(found?.perMonth.expected.usd).toBeCloseTo((96 - 0.800_32) * 30.437_5, 3);
  });

  it('holds provisioned throughput against the prices of its own Region', async () => {
    const folder = temporaryFolder();
    const inRegion = (region: string): string =>
      `arn:aws:bedrock:${region}:123456789012:provisioned-model/used00000000`;
    const [near, far] = [inRegion('us-west-2'), inRegion('eu-west-1')];
    writeBelow(
      folder,
      `${HOUR}/a.json.gz`,
      lines(aRecord('a', { modelId: near }), aRecord('b', { modelId: far })),
    );
    const { provisionedUse } = await analyzeLogs({
      source: folder,
      models: { [near]: 'amazon.nova-pro-v1:0', [far]: 'amazon.nova-pro-v1:0' },
      provisionedUsdPerHour: { [near]: '20', [far]: '20' },
      threads: 1,
    });
    const [oregon, ireland] = provisionedUse.map(({ onDemandUsdPerHour }) => onDemandUsdPerHour.usd);
    expect(oregon).toBeCloseTo((1_000 * 0.8 + 100 * 3.2) / 1e6, 9);
    // Nova Pro takes 0.92 and 3.68 a million in Ireland.
    expect(ireland).toBeCloseTo((1_000 * 0.92 + 100 * 3.68) / 1e6, 9);
  });
});
