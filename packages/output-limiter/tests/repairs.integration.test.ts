import { BedrockRuntimeClient, ConverseCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf, withTags } from '@costkit/core';
import { type LocalBedrock, proseModel, startLocalBedrock } from '@costkit/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withOutputLimit } from '../src/index.js';

const SONNET = 'us.anthropic.claude-sonnet-5';

describe('the repair of an answer', () => {
  let bedrock: LocalBedrock;
  let bare: BedrockRuntimeClient;
  beforeEach(async () => {
    bedrock = await startLocalBedrock({ models: { '*': proseModel({ tokens: { mean: 150 } }) } });
    bare = new BedrockRuntimeClient(bedrock.clientConfig);
  });
  afterEach(async () => {
    bare.destroy();
    await bedrock.stop();
  });

  it('ends where the whole answer would, and is thought about no more', async () => {
    const client = withOutputLimit(bare, {
      caps: { tell: 50 },
      stopSequences: { tell: ['END'] },
      effort: { tell: 'low' },
      thinkingTokens: 0,
    });
    const messages = [{ role: 'user' as const, content: [{ text: 'Tell me all.' }] }];
    await withTags({ task: 'tell' }, () => client.send(new ConverseCommand({ modelId: SONNET, messages })));
    expect(bedrock.requests().map(({ body }) => body)).toMatchObject([
      { inferenceConfig: { maxTokens: 50, stopSequences: ['END'] }, outputConfig: { effort: 'low' } },
      { inferenceConfig: { maxTokens: 200, stopSequences: ['END'] }, outputConfig: { effort: 'low' } },
    ]);
  });

  it('is in the usage of a body too', async () => {
    const client = withOutputLimit(bare, { maxTokens: 50, thinkingTokens: 0 });
    const body = JSON.stringify({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 4_000,
      messages: [{ role: 'user', content: 'Tell me all.' }],
    });
    const answer = await client.send(new InvokeModelCommand({ modelId: SONNET, body }));
    const { usage, content } = JSON.parse(answer.body.transformToString()) as Record<string, unknown>;
    const receipt = receiptOf(answer);
    expect(receipt?.attempts.map(({ purpose }) => purpose)).toEqual(['answer', 'repair']);
    expect(usage).toMatchObject({
      input_tokens: receipt?.usage.input,
      output_tokens: receipt?.usage.output,
    });
    expect(content).toHaveLength(1);
    expect(receipt?.cost?.picoUsd).toBe(bedrock.bill().total.picoUsd);
  });
});
