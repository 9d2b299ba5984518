import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts } from '@costkit/core';
import { type LocalBedrock, proseModel, startLocalBedrock } from '@costkit/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CostkitConfig, costkit } from '../src/index.js';

const SMALL = 'us.amazon.nova-micro-v1:0';
const STRONG = 'us.anthropic.claude-opus-5-5';
type WayOut = 'fail' | 'answer-with-draft';

let bedrock: LocalBedrock;
let bare: BedrockRuntimeClient;
beforeAll(async () => {
  bedrock = await startLocalBedrock({ models: { '*': proseModel({ tokens: { mean: 60 } }) } });
  bare = new BedrockRuntimeClient(bedrock.clientConfig);
});
afterAll(async () => {
  bare.destroy();
  await bedrock.stop();
});

/** Room for a draft, not for an answer of the strong model. */
const budget = { name: 'tight', limitUsd: 0.001, period: 'total' } as const;
const config = (onBudgetExceeded: WayOut, onExceed: 'block' | 'downgrade' = 'block'): CostkitConfig => ({
  router: {
    tiers: [
      { name: 'small', modelId: SMALL },
      { name: 'strong', modelId: STRONG },
    ],
    cascade: { check: () => false, onBudgetExceeded },
  },
  meter: { budgets: [{ ...budget, onExceed }] },
});
const input = {
  modelId: STRONG,
  messages: [{ role: 'user' as const, content: [{ text: 'Tell me about harbours.' }] }],
  inferenceConfig: { maxTokens: 400 },
};

describe('a cascade that a budget holds back', () => {
  it.each([
    ['fail', 'block', 0],
    ['fail', 'downgrade', 0],
    ['answer-with-draft', 'block', 2],
    ['answer-with-draft', 'downgrade', 2],
  ] as const)('pays for the draft alone: %s, %s', async (wayOut, onExceed, answers) => {
    const before = bedrock.bill().lines.length;
    const client = costkit(bare, config(wayOut, onExceed));
    const texts: string[] = [];
    const { result: outcomes, receipts } = await collectReceipts(() =>
      Promise.allSettled([
        client.send(new ConverseCommand(input)).then(({ output }) => {
          texts.push(output?.message?.content?.[0]?.text ?? '');
        }),
        client.send(new ConverseStreamCommand(input)).then(async ({ stream }) => {
          let text = '';
          for await (const event of stream ?? []) text += event.contentBlockDelta?.delta?.text ?? '';
          texts.push(text);
        }),
      ]),
    );
    expect(texts.filter((text) => text.length > 20)).toHaveLength(answers);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'COSTKIT_BUDGET_EXCEEDED', budget: 'tight' });
    }
    const lines = bedrock.bill().lines.slice(before);
    expect(lines.map(({ model }) => model)).toEqual(['amazon.nova-micro-v1:0', 'amazon.nova-micro-v1:0']);
    const picoUsd = (amounts: readonly (bigint | undefined)[]): bigint =>
      amounts.reduce<bigint>((sum, amount) => sum + (amount ?? 0n), 0n);
    expect(picoUsd(receipts.map(({ cost }) => cost?.picoUsd))).toBe(
      picoUsd(lines.map((line) => line.picoUsd)),
    );
    expect(receipts.map(({ attempts }) => attempts.map(({ purpose }) => purpose))).toEqual([
      ['draft'],
      ['draft'],
    ]);
  });
});
