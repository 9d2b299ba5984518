import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf } from '@costkit/core';
import { proseModel, startLocalBedrock } from '@costkit/local';
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

  it('is completed by the model that a rule chose', async () => {
    expect(await purposes({ tiers, rules: [{ when: {}, tier: 'small' }] })).toEqual([
      ['answer', SMALL],
      ['repair', SMALL],
    ]);
  });
});
