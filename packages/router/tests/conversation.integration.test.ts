import { ConverseCommand, type ConverseCommandInput, type Message } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf } from '@costkit/core';
import { converseResponse, type FakeResponse, jsonResponse } from '@costkit/testing';
import { describe, expect, it } from 'vitest';
import { withRouter } from '../src/index.js';
import { fakeBedrock, HAIKU, OPUS, type Script, TIERS } from './fake-bedrock.js';

const toolConfig = { tools: [{ toolSpec: { name: 'find', inputSchema: { json: { type: 'object' } } } }] };
const callsTool: FakeResponse = jsonResponse(
  converseResponse({
    content: [
      { reasoningContent: { reasoningText: { text: 'Let me look.', signature: 'c2lnbmVk' } } },
      { toolUse: { toolUseId: 't1', name: 'find', input: {} } },
    ],
  }),
);
const question: Message = { role: 'user', content: [{ text: 'Where is my parcel?' }] };
const result: Message = {
  role: 'user',
  content: [{ toolResult: { toolUseId: 't1', content: [{ text: 'Rome' }] } }],
};

const input = (messages: Message[]): ConverseCommandInput => ({ modelId: OPUS, toolConfig, messages });
const routed = (script: Script) => {
  const bedrock = fakeBedrock(script);
  return {
    ...bedrock,
    client: withRouter(bedrock.client, { tiers: TIERS, rules: [{ when: {}, tier: 'cheap' }] }),
  };
};

describe('a conversation that was moved', () => {
  it('stays with the model that called the tool and signed its reasoning', async () => {
    const { client, asked } = routed({ [HAIKU]: callsTool });
    const first = await client.send(new ConverseCommand(input([question])));
    const turns = [question, first.output?.message as Message, result];
    const second = await client.send(new ConverseCommand(input(turns)));
    expect(asked()).toEqual([HAIKU, HAIKU]);
    expect(receiptOf(second)?.decisions[0]?.reason).toBe(
      `Stays with tier "cheap" (${HAIKU}), which wrote the last answer of the conversation.`,
    );
    await client.send(new ConverseCommand(input([...turns, second.output?.message as Message, result])));
    expect(asked()).toEqual([HAIKU, HAIKU, HAIKU]);
  });

  it("stays with the caller's model where that began it", async () => {
    const bare = fakeBedrock({ [OPUS]: callsTool });
    const first = await bare.client.send(new ConverseCommand(input([question])));
    const { client, asked } = routed({});
    await client.send(new ConverseCommand(input([question, first.output?.message as Message, result])));
    expect(asked()).toEqual([OPUS]);
  });

  it('finds the author again where another process had moved it', async () => {
    const elsewhere = routed({ [HAIKU]: callsTool });
    const first = await elsewhere.client.send(new ConverseCommand(input([question])));
    const turns = input([question, first.output?.message as Message, result]);
    const { client, asked } = routed({ [OPUS]: { error: 'ValidationException' } });
    const second = await client.send(new ConverseCommand(turns));
    expect(asked()).toEqual([OPUS, HAIKU]);
    expect(receiptOf(second)?.decisions.map(({ action }) => action)).toEqual([
      'left alone',
      'routed to cheap',
    ]);
    expect(receiptOf(second)?.error).toBeUndefined();
  });

  it("throws the error of the caller's own request when nobody accepts it", async () => {
    const elsewhere = routed({ [HAIKU]: callsTool });
    const first = await elsewhere.client.send(new ConverseCommand(input([question])));
    const { client, asked } = routed({
      [OPUS]: { error: 'ValidationException' },
      [HAIKU]: { error: 'ThrottlingException' },
    });
    const turns = input([question, first.output?.message as Message, result]);
    await expect(client.send(new ConverseCommand(turns))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    expect(asked()).toEqual([OPUS, HAIKU]);
  });

  it('does not look for an author of tool calls without signed reasoning', async () => {
    const turns = [
      question,
      { role: 'assistant', content: [{ toolUse: { toolUseId: 't1', name: 'find', input: {} } }] },
      result,
    ] as Message[];
    const { client, asked } = routed({ [OPUS]: { error: 'ValidationException' } });
    await expect(client.send(new ConverseCommand(input(turns)))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    expect(asked()).toEqual([OPUS]);
  });
});
