import assert from 'node:assert/strict';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { type LocalModel, startLocalBedrock } from '@costkit/local';
import { ablatePrompt } from '@costkit/output-limiter/input';
import { evaluateTiers, exactGrader } from '@costkit/router/evaluation';

/** A model that needs to be told in which form to answer, and nothing else. */
const told: LocalModel = {
  kind: 'told',
  answer: ({ systemText }) => ({
    parts: [{ type: 'text', text: systemText.includes('one word') ? 'billing' : 'This is about billing.' }],
  }),
};
const bedrock = await startLocalBedrock({ models: { '*': told } });
const client = new BedrockRuntimeClient(bedrock.clientConfig);

const system = [{ text: 'Sort the mails of a shop.\n\nAnswer in one word.\n\nNever mention the weather.' }];
const requests = Array.from({ length: 100 }, (_, index) => ({
  modelId: 'us.amazon.nova-lite-v1:0',
  system,
  messages: [{ role: 'user', content: [{ text: `Mail ${index}: I was charged twice.` }] }],
  inferenceConfig: { maxTokens: 20 },
}));

const parts = await ablatePrompt(requests, {
  evaluate: async (asked) => {
    const { outcomes } = await evaluateTiers({
      client,
      cases: asked.map(({ modelId: _, ...request }, index) => ({
        id: `${index}`,
        task: 'sort',
        request,
        expected: 'billing',
      })),
      // The models between which the router chooses: what goes must be needed by neither.
      tiers: [
        { name: 'cheap', modelId: 'us.amazon.nova-lite-v1:0' },
        { name: 'strong', modelId: 'us.anthropic.claude-sonnet-5-5' },
      ],
      grade: exactGrader(),
      maxUsd: 1,
    });
    return asked.map((_, index) =>
      Math.min(...outcomes.filter(({ id }) => id === `${index}`).map(({ score }) => score)),
    );
  },
});

assert.deepEqual(parts.map(({ where, verdict }) => `${where}: ${verdict}`).sort(), [
  'system, paragraph 1 of 3: holds',
  'system, paragraph 2 of 3: loses',
  'system, paragraph 3 of 3: holds',
]);
await bedrock.stop();
