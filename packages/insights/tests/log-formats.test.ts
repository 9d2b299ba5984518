import { describe, expect, it } from 'vitest';
import { analyzeLogs } from '../src/analyze-logs.js';
import type { Analysis } from '../src/types.js';
import { type AnyRecord, aRecord, HOUR, lines, RECORD_USD, writeBelow } from './one-record.js';
import { temporaryFolder } from './temporary-folder.js';

/** Analyses some records, laid out as Bedrock does. */
function analysisOf(...records: readonly AnyRecord[]): Promise<Analysis> {
  const folder = temporaryFolder();
  writeBelow(folder, `${HOUR}/a.json.gz`, lines(...records));
  return analyzeLogs({ source: folder, threads: 1 });
}

/** A record whose counts stand in its answer alone. */
function uncounted(id: string, operation: string, modelId: string, answer: unknown): AnyRecord {
  const record = aRecord(id, { modelId });
  return {
    ...record,
    operation,
    input: { inputBodyJson: record.input.inputBodyJson },
    output: { outputBodyJson: answer },
  };
}

const ANTHROPIC_EVENTS = [
  {
    type: 'message_start',
    message: { usage: { input_tokens: 900, output_tokens: 1, cache_read_input_tokens: 100 } },
  },
  { type: 'content_block_delta', delta: { text: 'Here' } },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 40 } },
];
const METRICS = {
  inputTokenCount: 901,
  outputTokenCount: 41,
  cacheReadInputTokenCount: 100,
  cacheWriteInputTokenCount: 0,
  invocationLatency: 700,
};

describe('analyzeLogs', { timeout: 60_000 }, () => {
  it('reads what Bedrock writes, exactly', async () => {
    const { total, attribution, from, to, days } = await analysisOf(aRecord('a'), aRecord('b'));
    expect(total.toUsdString()).toBe('0.0066');
    expect([from, to, days]).toEqual(['2026-10-20T10:00:00Z', '2026-10-20T10:00:00Z', 1]);
    expect(attribution.feature).toMatchObject([
      { value: 'search', calls: 2, failed: 0, usage: { input: 2_000, output: 200 }, medianLatencyMs: 1_200 },
    ]);
    expect(attribution.team[0]?.value).toBe('app');
    expect(attribution.scope[0]?.value).toBe('geo:us');
  });

  it('finds missing token counts in answers, whole or as events, whatever family they are of', async () => {
    const answers: readonly (readonly [what: string, operation: string, answer: unknown, usage: object])[] = [
      [
        'events of Anthropic',
        'InvokeModelWithResponseStream',
        ANTHROPIC_EVENTS,
        { input: 900, output: 40, cacheRead: 100 },
      ],
      [
        'events with metrics of Bedrock',
        'InvokeModelWithResponseStream',
        [...ANTHROPIC_EVENTS, { type: 'message_stop', 'amazon-bedrock-invocationMetrics': METRICS }],
        { input: 901, output: 41, cacheRead: 100 },
      ],
      [
        'events of Converse',
        'ConverseStream',
        [
          { messageStop: { stopReason: 'end_turn' } },
          { metadata: { usage: { inputTokens: 7, outputTokens: 8, totalTokens: 15 } } },
        ],
        { input: 7, output: 8, cacheRead: 0 },
      ],
      [
        'events whose counts stand among others',
        'ConverseStream',
        [
          ...[1, 2, 3].map((part) => ({ contentBlockDelta: { delta: { text: `part ${part}` } } })),
          { metadata: { usage: { inputTokens: 7, outputTokens: 8, totalTokens: 15 } } },
          ...[1, 2, 3].map((part) => ({ trace: { part } })),
        ],
        { input: 7, output: 8, cacheRead: 0 },
      ],
      [
        'one Converse answer',
        'ConverseStream',
        { usage: { inputTokens: 7, outputTokens: 8, cacheReadInputTokens: 3 } },
        { input: 7, output: 8, cacheRead: 3 },
      ],
      [
        'an answer of Anthropic',
        'InvokeModel',
        {
          usage: {
            input_tokens: 7,
            output_tokens: 8,
            cache_creation_input_tokens: 30,
            cache_creation: { ephemeral_1h_input_tokens: 20 },
          },
        },
        { input: 7, output: 8, cacheWrite5m: 10, cacheWrite1h: 20 },
      ],
      [
        'an answer of Converse with writes of both lifetimes',
        'Converse',
        {
          usage: {
            inputTokens: 7,
            outputTokens: 8,
            cacheWriteInputTokens: 30,
            cacheDetails: [
              { ttl: '5m', inputTokens: 10 },
              { ttl: '1h', inputTokens: 20 },
            ],
          },
        },
        { input: 7, output: 8, cacheWrite5m: 10, cacheWrite1h: 20 },
      ],
      [
        'an answer as a text of JSON',
        'InvokeModel',
        JSON.stringify({ usage: { input_tokens: 7, output_tokens: 8 } }),
        { input: 7, output: 8 },
      ],
      [
        'an answer of OpenAI',
        'InvokeModel',
        { usage: { prompt_tokens: 7, completion_tokens: 8 } },
        { input: 7, output: 8 },
      ],
      [
        'an answer of OpenAI that read a cache',
        'InvokeModel',
        {
          usage: {
            prompt_tokens: 1_000,
            completion_tokens: 8,
            total_tokens: 1_008,
            prompt_tokens_details: { cached_tokens: 900 },
          },
        },
        { input: 100, output: 8, cacheRead: 900 },
      ],
      [
        'an answer of Llama',
        'InvokeModel',
        { prompt_token_count: 7, generation_token_count: 8 },
        { input: 7, output: 8 },
      ],
      [
        'an answer of Titan',
        'InvokeModel',
        { inputTextTokenCount: 7, results: [{ tokenCount: 8 }] },
        { input: 7, output: 8 },
      ],
    ];
    const { attribution, unpriced } = await analysisOf(
      ...answers.map(([what, operation, answer]) => ({
        ...uncounted(what, operation, 'us.anthropic.claude-sonnet-5-5', answer),
        requestMetadata: { feature: what },
      })),
    );
    expect(unpriced).toBe(0);
    for (const [what, , , usage] of answers) {
      expect(attribution.feature.find(({ value }) => value === what)?.usage, what).toMatchObject(usage);
    }
  });

  it('reads bodies that stand in files of their own', async () => {
    const folder = temporaryFolder();
    const path = (side: string): string => `s3://logs/${HOUR}/data/a_${side}.json.gz`;
    const record = aRecord('a');
    record.input = { inputBodyS3Path: path('input'), inputTokenCount: 1_000 };
    record.output = { outputBodyS3Path: path('output') };
    writeBelow(folder, `${HOUR}/a.json.gz`, lines(record));
    const long = { messages: [{ role: 'user', content: [{ text: 'x'.repeat(200_000) }] }] };
    writeBelow(folder, `${HOUR}/data/a_input.json.gz`, JSON.stringify(long));
    writeBelow(
      folder,
      `${HOUR}/data/a_output.json.gz`,
      JSON.stringify({ usage: { outputTokens: 100 }, stopReason: 'end_turn' }),
    );
    writeBelow(folder, `${HOUR}/data/a_input_media_00.png`, 'no JSON');
    expect((await analyzeLogs({ source: folder, threads: 1 })).total.usd).toBe(RECORD_USD);
  });

  it('prices by source Region, profile, tier and day, and keeps accounts and Regions apart', async () => {
    const batch = {
      ...aRecord('b', { modelId: 'global.anthropic.claude-opus-5' }),
      operation: 'CreateModelInvocationJob',
    };
    const flex = aRecord('f', {
      account: '999999999999',
      modelId: 'us.amazon.nova-2-lite-v1:0',
      region: 'us-west-2',
    });
    flex.input.inputBodyJson.serviceTier = { type: 'flex' };
    flex.inferenceRegion = 'us-east-2';
    const profile = `arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-5-5`;
    const { attribution } = await analysisOf(aRecord('a', { modelId: profile }), batch, flex);
    const cost = (
      rows: readonly { value: string; cost: { usd: number } }[],
      value: string,
    ): number | undefined => rows.find((row) => row.value === value)?.cost.usd;
    expect(cost(attribution.tier, 'standard')).toBe(RECORD_USD);
    expect(cost(attribution.tier, 'batch')).toBeCloseTo((1_000 * 2.5 + 100 * 12.5) / 1e6, 12);
    expect(cost(attribution.tier, 'flex')).toBeGreaterThan(0);
    expect(attribution.region.map(({ value }) => value).sort()).toEqual(['us-east-1', 'us-west-2']);
    expect(attribution.account.map(({ value }) => value).sort()).toEqual(['123456789012', '999999999999']);
  });

  it('counts failed calls, which cost nothing, calls without counts, which cost nobody knows what, and broken lines', async () => {
    const folder = temporaryFolder();
    const failed = { ...aRecord('f'), errorCode: 'ThrottlingException', input: {}, output: {} };
    const silent = uncounted('s', 'InvokeModel', 'us.anthropic.claude-sonnet-5-5', undefined);
    writeBelow(folder, `${HOUR}/a.json.gz`, `${lines(aRecord('a'), failed, silent)}{"half": \n[]\n`);
    writeBelow(folder, `${HOUR}/amazon-bedrock-logs-permission-check.json.gz`, 'Permissions are right.');
    const analysis = await analyzeLogs({ source: folder, threads: 1 });
    const { calls, failed: failures, unpriced, brokenLines, total, notes } = analysis;
    expect(notes.join(' ')).toContain(
      '1 calls are in no amount, because what they read or wrote was not counted',
    );
    expect({ calls, failures, unpriced, brokenLines, usd: total.usd }).toEqual({
      calls: 3,
      failures: 1,
      unpriced: 1,
      brokenLines: 2,
      usd: RECORD_USD,
    });
  });

  it('reads what CloudWatch exports, and counts a record once that was delivered twice', async () => {
    const folder = temporaryFolder();
    writeBelow(folder, `${HOUR}/a.json.gz`, lines(aRecord('a')));
    writeBelow(
      folder,
      'export/000000.gz',
      `2026-10-20T10:00:00.000Z ${lines(aRecord('a'))}2026-10-20T10:00:01.000Z ${lines(aRecord('b'))}`,
    );
    const events = {
      events: [{ timestamp: 1, message: JSON.stringify(aRecord('c')) }],
      searchedLogStreams: [],
    };
    writeBelow(folder, 'events.json', JSON.stringify(events, null, 2));
    const { calls, duplicates, total } = await analyzeLogs({ source: folder, threads: 1 });
    expect([calls, duplicates, total.toUsdString()]).toEqual([3, 1, '0.0099']);
  });

  it('looks behind ARNs that the caller names, and leaves others without a price', async () => {
    const folder = temporaryFolder();
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdef123456';
    writeBelow(folder, `${HOUR}/a.json.gz`, lines(aRecord('a', { modelId: arn })));
    expect((await analyzeLogs({ source: folder, threads: 1 })).unpriced).toBe(1);
    const named = await analyzeLogs({ source: folder, models: { [arn]: 'us.anthropic.claude-sonnet-5-5' } });
    expect(named.total.usd).toBe(RECORD_USD);
  });

  it('splits untagged traffic into tasks by what the prompts have in common', async () => {
    const asked = (id: string, system: string): AnyRecord =>
      aRecord(id, { feature: undefined, body: { system: [{ text: system }], messages: [] } });
    const asText = asked('d', 'You sort mail of 2026-10-22.');
    asText.input.inputBodyJson = JSON.stringify(asText.input.inputBodyJson);
    const { calls, attribution, recommendations } = await analysisOf(
      asked('a', 'You sort mail of 2026-10-20.'),
      asked('b', 'You sort mail of 2026-10-21.'),
      asked('c', 'You write poems.'),
      asText,
    );
    expect(calls).toBe(4);
    expect(attribution.task.map((row) => row.calls).sort()).toEqual([1, 3]);
    expect(attribution.task.every(({ value }) => /^untagged [0-9a-f]{8}$/.test(value))).toBe(true);
    expect(recommendations[0]).toMatchObject({ kind: 'measure', rank: 1 });
  });

  it('takes requests of unknown families as a whole, and compares them', async () => {
    const told = (story: (call: number) => string): Promise<Analysis> =>
      analysisOf(
        ...Array.from({ length: 40 }, (_, call) => aRecord(`${call}`, { body: { story: story(call) } })),
      );
    const kinds = async (analysis: Promise<Analysis>): Promise<readonly string[]> =>
      (await analysis).recommendations.map(({ kind }) => kind);
    expect(await kinds(told(() => 'the same'))).toContain('runaway-loop');
    expect(await kinds(told((call) => `another ${call}`))).not.toContain('runaway-loop');
  });
});
