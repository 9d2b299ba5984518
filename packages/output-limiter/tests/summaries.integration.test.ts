import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type Message,
} from '@aws-sdk/client-bedrock-runtime';
import { type AnswerPart, type LocalBedrock, type ModelAnswer, startLocalBedrock } from '@costkit/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withOutputLimit } from '../src/index.js';
import { byCharacters } from './answering-bedrock.js';

const modelId = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const SENTENCE = 'The parcel left the house on Monday and is on its way to the customer. ';
const text = (said: string): AnswerPart => ({ type: 'text', text: said });

const messages = Array.from(
  { length: 9 },
  (_, index): Message => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: [{ text: `Turn ${index}. ${SENTENCE.repeat(10)}` }],
  }),
);
const tool = { name: 'find', inputSchema: { json: { type: 'object' } } };
const body = JSON.stringify({
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 500,
  tools: [{ name: 'find', input_schema: { type: 'object' } }],
  messages: messages.map(({ role, content }) => ({ role, content: content?.[0]?.text })),
});
const converse = { modelId, messages, toolConfig: { tools: [{ toolSpec: tool }] } };

async function readAll(stream: AsyncIterable<unknown> | undefined): Promise<void> {
  if (stream !== undefined) for await (const _ of stream);
}

/** Sends the conversation in each of the four ways, and reads what there is to read. */
const WAYS: Readonly<Record<string, (client: BedrockRuntimeClient) => Promise<unknown>>> = {
  Converse: (client) => client.send(new ConverseCommand(converse)),
  ConverseStream: async (client) => {
    const { stream } = await client.send(new ConverseStreamCommand(converse));
    await readAll(stream);
  },
  InvokeModel: (client) => client.send(new InvokeModelCommand({ modelId, body })),
  InvokeModelWithResponseStream: async (client) => {
    const answer = await client.send(new InvokeModelWithResponseStreamCommand({ modelId, body }));
    await readAll(answer.body);
  },
};

describe('what stands in the place of turns', () => {
  let bedrock: LocalBedrock;
  let bare: BedrockRuntimeClient;
  let summary: ModelAnswer;
  beforeEach(async () => {
    const answer = ({ userText }: { readonly userText: string }): ModelAnswer =>
      userText.includes('Summarise what was said') ? summary : { parts: [text('Yes.')] };
    bedrock = await startLocalBedrock({
      tokenizer: { count: byCharacters },
      models: { '*': { kind: 'noting', answer } },
    });
    bare = new BedrockRuntimeClient(bedrock.clientConfig);
  });
  afterEach(async () => {
    bare.destroy();
    await bedrock.stop();
  });

  const sentFor = async (way: string, answer: ModelAnswer): Promise<{ messages: object[] }> => {
    summary = answer;
    const window = { maxTokens: 500, always: true, cached: false, summarize: {} };
    await WAYS[way]?.(withOutputLimit(bare, { window, learn: false }));
    expect(bedrock.requests()).toHaveLength(2);
    return bedrock.requests()[1]?.body as { messages: object[] };
  };

  it.each(Object.keys(WAYS))('is what the model has noted: %s', async (way) => {
    const sent = await sentFor(way, { parts: [text('The parcel is on its way.')] });
    expect(sent.messages.length).toBeLessThan(9);
    expect(JSON.stringify(sent)).toContain('here:\\nThe parcel is on its way.');
  });

  it.each(Object.keys(WAYS))('is not why it has noted nothing: %s', async (way) => {
    const blocked = { parts: [text('Sorry, I cannot help.')], stopReason: 'content_filtered' } as const;
    expect((await sentFor(way, blocked)).messages).toHaveLength(9);
  });

  it.each(Object.keys(WAYS))('is not what it says before it calls a tool: %s', async (way) => {
    const call = { type: 'toolUse', name: 'find', input: {} } as const;
    expect((await sentFor(way, { parts: [text('Let me look that up.'), call] })).messages).toHaveLength(9);
  });
});
