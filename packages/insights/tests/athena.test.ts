import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listModels } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { analyzeLogs } from '../src/analyze-logs.js';
import { openDatabase } from '../src/database.js';
import type { Analysis, AttributionRow } from '../src/types.js';
import { aRecord, HOUR, lines, writeBelow } from './one-record.js';
import { temporaryFolder } from './temporary-folder.js';
import { generateTraffic } from './traffic/generate-traffic.js';

const ATTRIBUTION = readFileSync(new URL('../src/athena/attribution.sql', import.meta.url), 'utf8');

/** The functions of Athena (Trino) that the file calls and DuckDB has by other names; the file is run as it is. */
const TRINO = `
  CREATE MACRO json_extract_scalar(json, path)
    AS json_extract_string(json, regexp_replace(path, '\\["(.+)"\\]', '."\\1"'));
  CREATE MACRO json_format(json) AS json::VARCHAR;
  CREATE MACRO json_array_get(json, place) AS json_extract(json, '$[#' || place || ']');
  CREATE MACRO regexp_like(value, pattern) AS regexp_matches(value, pattern);
  CREATE MACRO from_iso8601_timestamp(moment) AS moment::TIMESTAMPTZ;
  CREATE MACRO date_format(moment, pattern) AS strftime(moment, pattern);`;

/** What Athena would answer to the file, as the CSV that it writes. */
async function runAttribution(logs: string): Promise<string> {
  const database = await openDatabase(1_024, 1);
  const result = join(temporaryFolder(), 'attribution.csv');
  try {
    await database.run(TRINO);
    await database.run(
      `CREATE VIEW bedrock_invocation_log AS SELECT json::VARCHAR AS record FROM read_ndjson_objects('${logs}/**/*.gz')`,
    );
    await database.run(`COPY (${ATTRIBUTION}) TO '${result}' (HEADER, FORCE_QUOTE *)`);
  } finally {
    await database.close();
  }
  return result;
}

const DIMENSIONS = [
  'model',
  'feature',
  'team',
  'tier',
  'scope',
  'region',
  'account',
  'operation',
  'day',
  'hour',
] as const;

/** Attribution by everything but untagged tasks, without latencies. */
const comparable = ({ attribution }: Analysis): unknown =>
  DIMENSIONS.map((dimension) =>
    attribution[dimension].map(({ medianLatencyMs: _, cost, ...row }: AttributionRow) => ({
      ...row,
      picoUsd: cost.picoUsd,
    })),
  );

/** Analyses logs both ways. */
async function bothWays(logs: string): Promise<readonly [direct: Analysis, byAthena: Analysis]> {
  return [
    await analyzeLogs({ source: logs, threads: 1 }),
    await analyzeLogs({ source: await runAttribution(logs), threads: 1 }),
  ];
}

describe('src/athena/attribution.sql', { timeout: 60_000 }, () => {
  it('attributes generated traffic as the logs do, to the last digit', async () => {
    const folder = temporaryFolder();
    generateTraffic(folder, 7, 1);
    const [direct, byAthena] = await bothWays(folder);
    expect(direct.calls).toBeGreaterThan(1_000);
    expect(byAthena.total.picoUsd).toBe(direct.total.picoUsd);
    expect(comparable(byAthena)).toEqual(comparable(direct));
    expect(byAthena.notes.join(' ')).toContain(`${direct.calls} calls come from Athena by the hour`);
    expect(byAthena.topRequests).toEqual([]);
  });

  it('takes the oddities of logs as the reader does', async () => {
    const nova = 'us.amazon.nova-2-lite-v1:0';
    const flex = aRecord('flex', { modelId: nova });
    flex.input.inputBodyJson.serviceTier = { type: 'flex' };
    const cached = aRecord('cached', { input: 50 });
    cached.input.cacheReadInputTokenCount = 900;
    cached.input.cacheWriteInputTokenCount = 300;
    cached.input.inputBodyJson.system = [{ text: 'x' }, { cachePoint: { type: 'default', ttl: '1h' } }];
    const gross = aRecord('gross', { modelId: 'us.openai.gpt-6-sol', input: 280_000 });
    gross.input.cacheReadInputTokenCount = 100_000;
    const net = aRecord('net', { modelId: 'us.anthropic.claude-haiku-5-5', input: 60_000 });
    net.input.cacheReadInputTokenCount = 50_000;
    const sum = aRecord('sum', { input: 1_000 });
    sum.input.cacheReadInputTokenCount = 400;
    sum.output.outputBodyJson = { usage: { totalTokens: 1_100 } };
    const events = aRecord('events');
    events.operation = 'ConverseStream';
    events.input = { inputBodyJson: events.input.inputBodyJson };
    events.output = {
      outputBodyJson: [
        { messageStop: { stopReason: 'end_turn' } },
        { metadata: { usage: { inputTokens: 7, outputTokens: 8, totalTokens: 15 } } },
      ],
    };
    const metrics = { inputTokenCount: 9, outputTokenCount: 4, cacheReadInputTokenCount: 2 };
    const invoked = aRecord('invoked');
    invoked.operation = 'InvokeModelWithResponseStream';
    invoked.input = { inputBodyJson: invoked.input.inputBodyJson };
    invoked.output = { outputBodyJson: [{ 'amazon-bedrock-invocationMetrics': metrics }] };
    const silent = { ...aRecord('silent'), input: {}, output: {} };
    const failed = { ...aRecord('failed'), errorCode: 'ThrottlingException', input: {}, output: {} };
    const batch = {
      ...aRecord('batch', { modelId: 'global.anthropic.claude-opus-5' }),
      operation: 'CreateModelInvocationJob',
    };
    const elsewhere = aRecord('else', { account: '999999999999', region: 'us-west-2', feature: undefined });
    const otherTag = { ...aRecord('tag'), requestMetadata: { stage: 'beta' } };
    const records = [
      aRecord('a'),
      aRecord('a'),
      aRecord('b'),
      flex,
      cached,
      gross,
      net,
      sum,
      events,
      invoked,
      silent,
      failed,
      batch,
      elsewhere,
      otherTag,
    ];
    const folder = temporaryFolder();
    writeBelow(folder, `${HOUR}/a.json.gz`, lines(...records));
    const [direct, byAthena] = await bothWays(folder);
    expect(comparable(byAthena)).toEqual(comparable(direct));
    expect(byAthena.recommendations.map(({ title }) => title)).toEqual(
      direct.recommendations.map(({ title }) => title),
    );
  });

  it('knows every length of prompts above which a price changes', () => {
    const lengths = listModels().flatMap(({ prices }) =>
      prices.flatMap(({ aboveTokens, inclusive }) =>
        aboveTokens === undefined ? [] : [`${inclusive === true ? '>=' : '>'} ${aboveTokens}`],
      ),
    );
    expect(lengths.length).toBeGreaterThan(0);
    for (const length of new Set(lengths)) expect(ATTRIBUTION).toContain(`gross ${length} THEN`);
  });
});
