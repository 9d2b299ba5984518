import { listModels } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { ATTRIBUTION, bothWays, comparable } from './athena-results.js';
import { aRecord, HOUR, lines, writeBelow } from './one-record.js';
import { temporaryFolder } from './temporary-folder.js';

describe('src/athena/attribution.sql', { timeout: 60_000 }, () => {
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
    expect(byAthena.notes.join(' ')).toContain(`${direct.calls} calls come from Athena by the hour`);
    expect(byAthena.topRequests).toEqual([]);
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
