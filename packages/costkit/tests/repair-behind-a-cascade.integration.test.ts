import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf, withTags } from '@costkit/core';
import { proseModel, startLocalBedrock } from '@costkit/local';
import type { CheckContext } from '@costkit/router';
import { describe, expect, it } from 'vitest';
import { type CostkitConfig, costkit } from '../src/index.js';

const SMALL = 'us.amazon.nova-lite-v1:0';
const STRONG = 'us.amazon.nova-pro-v1:0';

async function purposes(router: CostkitConfig['router']): Promise<readonly (readonly [string, string])[]> {
  const bedrock = await startLocalBedrock({ models: { '*': proseModel({ tokens: { mean: 90 } }) } });
  const bare = new BedrockRuntimeClient(bedrock.clientConfig);
  const client = costkit(bare, {
    ...(router === undefined ? {} : { router }),
    outputLimit: { maxTokens: 40 },
    promptCache: false,
  });
  const output = await client.send(
    new ConverseCommand({
      modelId: STRONG,
      messages: [{ role: 'user', content: [{ text: 'Tell me about harbours.' }] }],
    }),
  );
  bare.destroy();
  await bedrock.stop();
  return (receiptOf(output)?.attempts ?? []).map(({ purpose, modelId }) => [purpose, modelId] as const);
}

const tiers = [
  { name: 'small', modelId: SMALL },
  { name: 'strong', modelId: STRONG },
];

describe('a cut answer of a routed call', () => {
  it('is completed by the model that drafted it, and not drafted again', async () => {
    expect(await purposes({ tiers, cascade: { check: () => true } })).toEqual([
      ['draft', SMALL],
      ['repair', SMALL],
    ]);
  });

  it('is completed by the model that the draft was escalated to', async () => {
    expect(await purposes({ tiers, cascade: { check: () => false } })).toEqual([
      ['draft', SMALL],
      ['escalation', STRONG],
      ['repair', STRONG],
    ]);
  });

  it('is completed by the model that drafted it, not by the judge that has read it', async () => {
    const check = async (_: unknown, __: unknown, { ask }: CheckContext) => {
      await ask({ tier: 'strong', instruction: 'Is this a good answer?', maxTokens: 5 });
      return true;
    };
    expect(await purposes({ tiers, cascade: { check } })).toEqual([
      ['draft', SMALL],
      ['check', STRONG],
      ['repair', SMALL],
    ]);
  });

  it('is judged by a question of its own, with neither cap nor instruction of the task', async () => {
    const bedrock = await startLocalBedrock({ models: { '*': proseModel({ tokens: { mean: 90 } }) } });
    const bare = new BedrockRuntimeClient(bedrock.clientConfig);
    const check = async (_: unknown, __: unknown, { ask }: CheckContext) => {
      await ask({ tier: 'strong', instruction: 'Is this a good answer?', maxTokens: 700 });
      return true;
    };
    const client = costkit(bare, {
      router: { tiers, cascade: { check } },
      outputLimit: { maxTokens: 40, brevity: 'In one sentence.', stopSequences: { faq: ['END'] } },
      promptCache: false,
    });
    await withTags({ task: 'faq' }, () =>
      client.send(
        new ConverseCommand({
          modelId: STRONG,
          messages: [{ role: 'user', content: [{ text: 'Tell me about harbours.' }] }],
        }),
      ),
    );
    const [draft, judged] = bedrock.requests().map(({ body }) => body);
    expect(JSON.stringify(draft)).toContain('In one sentence.');
    expect(draft?.['inferenceConfig']).toEqual({ maxTokens: 40, stopSequences: ['END'] });
    expect(JSON.stringify(judged)).not.toContain('In one sentence.');
    expect(judged?.['inferenceConfig']).toEqual({ maxTokens: 700 });
    bare.destroy();
    await bedrock.stop();
  });

  it('is completed by the model that a rule chose', async () => {
    expect(await purposes({ tiers, rules: [{ when: {}, tier: 'small' }] })).toEqual([
      ['answer', SMALL],
      ['repair', SMALL],
    ]);
  });
});
