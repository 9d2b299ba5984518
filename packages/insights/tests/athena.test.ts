import { listModels } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { attributionQuery, callsQuery } from '../src/athena/athena-queries.js';
import { ATTRIBUTION, comparable, threeWays } from './athena-results.js';
import { type AnyRecord, aRecord, HOUR, lines, writeBelow } from './one-record.js';
import { temporaryFolder } from './temporary-folder.js';

/** A stream whose counts stand in its events alone. */
function uncountedStream(events: readonly object[]): AnyRecord {
  const record = aRecord('begun');
  return {
    ...record,
    operation: 'InvokeModelWithResponseStream',
    input: { inputBodyJson: record.input.inputBodyJson },
    output: { outputBodyJson: events },
  };
}

describe('src/athena', { timeout: 60_000 }, () => {
  it('holds what the expressions of the reader make (vitest -u writes it anew)', async () => {
    await expect(callsQuery()).toMatchFileSnapshot('../src/athena/calls.sql');
    await expect(attributionQuery()).toMatchFileSnapshot('../src/athena/attribution.sql');
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
    const lifetimes = aRecord('lifetimes', { cacheWrite: 300 });
    lifetimes.output.outputBodyJson.usage.cacheDetails = ['5m', '1h'].map((ttl, index) => ({
      ttl,
      inputTokens: 100 * (index + 1),
    }));
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
    const asText = aRecord('text', { feature: undefined });
    asText.input.inputBodyJson = JSON.stringify({ system: 'Übersetze 7 Briefe.', messages: [] });
    asText.output.outputBodyJson = JSON.stringify({ usage: { input_tokens: 5, output_tokens: 6 } });
    const untagged = aRecord('tools', {
      feature: undefined,
      body: {
        system: [{ text: 'You sort mail of 2026-10-20.' }],
        toolConfig: { tools: [{ toolSpec: { name: 'b' } }, { toolSpec: { name: 'a' } }] },
        messages: ['Sort.', 'Sorted.', 'Why?'].map((text) => ({ role: 'user', content: [{ text }] })),
        inferenceConfig: { maxTokens: 50 },
      },
    });
    const unasked = aRecord('plain', {
      feature: undefined,
      body: { messages: [{ role: 'user', content: 'Say 1' }] },
    });
    const embedded = aRecord('embedded', {
      modelId: 'amazon.titan-embed-text-v2:0',
      body: { inputText: 'Grüße' },
    });
    const unknown = aRecord('unknown', { body: { story: 'Once upon a time' } });
    const begun = uncountedStream([
      { type: 'message_start', message: { usage: { input_tokens: 900, cache_read_input_tokens: 100 } } },
      { type: 'content_block_delta', delta: { text: 'Here' } },
      { type: 'message_delta', usage: { output_tokens: 40 } },
    ]);
    const records = [
      asText,
      untagged,
      unasked,
      embedded,
      unknown,
      begun,
      aRecord('a'),
      aRecord('a'),
      aRecord('b'),
      flex,
      cached,
      gross,
      net,
      sum,
      lifetimes,
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
    const { direct, byAttribution, byCalls } = await threeWays(folder);
    expect(byCalls).toEqual(direct);
    expect(comparable(byAttribution)).toEqual(comparable(direct));
    expect(byAttribution.notes.join(' ')).toContain(`${direct.calls} calls come from Athena by the hour`);
    expect(byAttribution.topRequests).toEqual([]);
    expect(byAttribution.recommendations.map(({ title }) => title)).toEqual(
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
