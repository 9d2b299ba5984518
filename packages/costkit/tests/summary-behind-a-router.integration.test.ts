import { BedrockRuntimeClient, ConverseCommand, type Message } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf } from '@costkit/core';
import { startLocalBedrock } from '@costkit/local';
import { describe, expect, it } from 'vitest';
import { type CostkitConfig, costkit } from '../src/index.js';

const SMALL = 'us.amazon.nova-lite-v1:0';
const STRONG = 'us.amazon.nova-pro-v1:0';
const user = (text: string): Message => ({ role: 'user', content: [{ text }] });
const tiers = [
  { name: 'small', modelId: SMALL },
  { name: 'strong', modelId: STRONG },
];

async function purposes(router: NonNullable<CostkitConfig['router']>): Promise<readonly string[][]> {
  const bedrock = await startLocalBedrock({
    tokenizer: { count: (text) => Math.ceil(text.length / 4) },
    models: { '*': { kind: 'short', answer: () => ({ parts: [{ type: 'text', text: 'Noted.' }] }) } },
  });
  const bare = new BedrockRuntimeClient(bedrock.clientConfig);
  const client = costkit(bare, {
    router,
    outputLimit: {
      learn: false,
      window: { maxTokens: 100, always: true, cached: false, summarize: {} },
    },
    promptCache: false,
  });
  const messages = [
    user('First.'),
    { role: 'assistant' as const, content: [{ text: 'Yes.' }] },
    user('Tell me all about harbours. '.repeat(40)),
    { role: 'assistant' as const, content: [{ text: 'Ships lie in them.' }] },
    user('And now?'),
  ];
  const output = await client.send(new ConverseCommand({ modelId: STRONG, messages }));
  bare.destroy();
  await bedrock.stop();
  return (receiptOf(output)?.attempts ?? []).map(({ purpose, modelId }) => [purpose, modelId]);
}

describe('the summary of a routed conversation', () => {
  it.each<[string, NonNullable<CostkitConfig['router']>, string[][]]>([
    ['is not routed by a rule', { tiers, rules: [{ when: {}, tier: 'small' }] }, [['answer', SMALL]]],
    ['is not drafted by a cascade', { tiers, cascade: { check: () => true } }, [['draft', SMALL]]],
  ])('%s', async (_, router, answers) => {
    expect(await purposes(router)).toEqual([['check', STRONG], ...answers]);
  });
});
