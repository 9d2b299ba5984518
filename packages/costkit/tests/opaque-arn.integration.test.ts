import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { type Receipt, receiptOf, withTags } from '@costkit/core';
import { startLocalBedrock } from '@costkit/local';
import { describe, expect, it } from 'vitest';
import { costkit } from '../src/index.js';

const PROFILE = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl';
const MODEL = 'us.anthropic.claude-opus-5';

describe('costkit on an application inference profile', () => {
  it('caches and prices its calls once it is told the model behind it', async () => {
    const bedrock = await startLocalBedrock({ aliases: { [PROFILE]: MODEL } });
    const bare = new BedrockRuntimeClient(bedrock.clientConfig);
    const client = costkit(bare, { models: { [PROFILE]: MODEL }, promptCache: { expectReuse: true } });
    const send = () =>
      client.send(
        new ConverseCommand({
          modelId: PROFILE,
          system: [{ text: 'The handbook of the shop, chapter by chapter. '.repeat(200) }],
          messages: [{ role: 'user', content: [{ text: 'When does the shop open?' }] }],
        }),
      );
    const receipts = [receiptOf(await send()), receiptOf(await send())];
    expect(receipts[0]?.usage.cacheWrite5m).toBeGreaterThan(1_000);
    expect(receipts[1]?.usage.cacheRead).toBe(receipts[0]?.usage.cacheWrite5m);
    expect(receipts[1]?.servedModel).toBe('anthropic.claude-opus-5');
    expect(bedrock.bill().lines.map(({ picoUsd }) => picoUsd)).toEqual(
      receipts.map((receipt) => receipt?.cost?.picoUsd),
    );
    bare.destroy();
    await bedrock.stop();
  });

  it('has no price where nobody says the model, and leaves the request alone', async () => {
    const bedrock = await startLocalBedrock({ aliases: { [PROFILE]: MODEL } });
    const bare = new BedrockRuntimeClient(bedrock.clientConfig);
    const output = await costkit(bare).send(
      new ConverseCommand({ modelId: PROFILE, messages: [{ role: 'user', content: [{ text: 'Hello' }] }] }),
    );
    expect(receiptOf(output)).toMatchObject({ cost: undefined, baseline: undefined, servedModel: PROFILE });
    bare.destroy();
    await bedrock.stop();
  });

  it('does not take over what a client without the map knows of it', async () => {
    const bedrock = await startLocalBedrock({ aliases: { [PROFILE]: MODEL } });
    const bare = new BedrockRuntimeClient(bedrock.clientConfig);
    const command = new ConverseCommand({
      modelId: PROFILE,
      system: [{ text: 'The handbook of the shop, chapter by chapter. '.repeat(200) }],
      messages: [{ role: 'user', content: [{ text: 'When does the shop open?' }] }],
    });
    const promptCache = { expectReuse: true };
    const blind = await costkit(bare, { promptCache }).send(command);
    const told = await costkit(bare, { promptCache, models: { [PROFILE]: MODEL } }).send(command);
    expect(receiptOf(blind)?.usage.cacheWrite5m).toBe(0);
    expect(receiptOf(told)?.usage.cacheWrite5m).toBeGreaterThan(1_000);
    bare.destroy();
    await bedrock.stop();
  });

  it('routes, caches and reserves for it as for the model behind it', async () => {
    const haiku = 'us.anthropic.claude-haiku-5-5';
    const provisioned = 'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdefghijkl';
    const models = { [PROFILE]: MODEL, [provisioned]: 'anthropic.claude-opus-5' };
    const bedrock = await startLocalBedrock({ aliases: models });
    const bare = new BedrockRuntimeClient(bedrock.clientConfig);
    const client = costkit(bare, {
      models,
      promptCache: { expectReuse: true },
      router: {
        tiers: [
          { name: 'cheap', modelId: haiku },
          { name: 'strong', modelId: MODEL },
        ],
        policy: {
          version: 1,
          createdAt: '2026-11-22',
          tasks: { label: { tier: 'cheap' }, answer: { tier: 'strong', floor: 'cheap' } },
        },
      },
      meter: { budgets: [{ name: 'small', limitUsd: 0.004, period: 'total', onExceed: 'downgrade' }] },
    });
    const send = async (task: string, modelId: string) => {
      const output = await withTags({ task }, () =>
        client.send(
          new ConverseCommand({
            modelId,
            system: [{ text: 'The handbook of the shop, chapter by chapter. '.repeat(200) }],
            messages: [{ role: 'user', content: [{ text: 'When does the shop open?' }] }],
            inferenceConfig: { maxTokens: 100 },
          }),
        ),
      );
      return receiptOf(output) as Receipt;
    };
    const receipts = [
      await send('label', PROFILE),
      await send('answer', PROFILE),
      await send('answer', provisioned),
    ];
    // By the policy, by the budget, and not at all: what is paid by the hour costs nothing more.
    expect(bedrock.requests().map(({ modelId }) => modelId)).toEqual([haiku, haiku, provisioned]);
    expect(bedrock.bill().lines.map(({ picoUsd }) => picoUsd)).toEqual(
      receipts.map(({ cost }) => cost?.picoUsd),
    );
    bare.destroy();
    await bedrock.stop();
  });
});
