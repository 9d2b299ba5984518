import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf } from '@costkit/core';
import { createMeter } from '@costkit/meter';
import {
  converseResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  jsonResponse,
} from '@costkit/testing';
import { describe, expect, it } from 'vitest';
import { type CostkitConfig, costkit, meterOf } from '../src/index.js';

const bare = (): BedrockRuntimeClient =>
  new BedrockRuntimeClient(
    fakeBedrockClientConfig(fakeRequestHandler({ handler: () => jsonResponse(converseResponse()) })),
  );
const command = (): ConverseCommand =>
  new ConverseCommand({
    modelId: 'amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
    inferenceConfig: { maxTokens: 10 },
  });
const EMPTY = { name: 'empty', limitUsd: 0, period: 'total', onExceed: 'block' } as const;

describe('the meter option of costkit', () => {
  it.each([
    ['options beside a meter that exists', { meter: { meter: createMeter(), budgets: [EMPTY] } }],
    ['what is no meter', { meter: { meter: {} } }],
    ['a meter that is missing', { meter: { meter: undefined } }],
    [
      'observing with a meter that blocks',
      { mode: 'observe', meter: { meter: createMeter({ budgets: [EMPTY] }) } },
    ],
    [
      'observing with a meter that breaks loops',
      { mode: 'observe', meter: { meter: createMeter({ breaker: {} }) } },
    ],
  ])('refuses %s', (_, config) => {
    expect(() => costkit(bare(), config as unknown as CostkitConfig)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION' }),
    );
  });

  it.each([
    ['only alerts', createMeter({ budgets: [{ ...EMPTY, onExceed: 'alert' }] })],
    ['observes', createMeter({ mode: 'observe', budgets: [EMPTY], breaker: {} })],
  ])('observes with a meter that %s', async (_, meter) => {
    const client = costkit(bare(), { mode: 'observe', meter: { meter } });
    await client.send(command());
    expect(meterOf(client)?.report().total.calls).toBe(1);
  });

  const MICRO = 'amazon.nova-micro-v1:0';
  const PRO = 'amazon.nova-pro-v1:0';
  const sendTo = (client: BedrockRuntimeClient) => {
    const { input } = command();
    return client.send(
      new ConverseCommand({ ...input, modelId: PRO, inferenceConfig: { maxTokens: 1_000 } }),
    );
  };

  it('moves calls down by the router of each client that shares a meter', async () => {
    // Room for an answer of the small model, not of the strong one.
    const meter = createMeter({
      budgets: [{ name: 'tight', limitUsd: 0.001, period: 'total', onExceed: 'downgrade' }],
    });
    const tiers = [
      { name: 'small', modelId: MICRO },
      { name: 'strong', modelId: PRO },
    ];
    const rules = [{ when: () => true, tier: 'small' }];
    // It says how far down is allowed, and leaves the choice to the budget.
    const routed = costkit(bare(), { meter: { meter }, router: { tiers, rules, mode: 'observe' } });
    const receipt = receiptOf(await sendTo(routed));
    expect([receipt?.servedModel, receipt?.decisions.map(({ action }) => action)]).toEqual([
      MICRO,
      expect.arrayContaining([`downgraded to ${MICRO}`]),
    ]);
    await expect(sendTo(costkit(bare(), { meter: { meter } }))).rejects.toMatchObject({
      code: 'COSTKIT_BUDGET_EXCEEDED',
    });
    expect(meterOf(routed)).toBe(meter);
  });

  it('leaves the client bare when it is off, whatever meter there is', async () => {
    const meter = createMeter({ budgets: [EMPTY] });
    await costkit(bare(), { mode: 'off', meter: { meter } }).send(command());
    expect(meter.report().total.calls).toBe(0);
  });

  it.each(['observe', 'off'] as const)('holds back an enforcing breaker and budgets in %s', async (mode) => {
    const client = costkit(bare(), {
      mode,
      meter: { breaker: { mode: 'enforce', maxRepeats: 1 }, budgets: [EMPTY] },
    });
    for (let index = 0; index < 3; index += 1) await client.send(command());
    expect(meterOf(client)?.report().total.calls).toBe(mode === 'off' ? 0 : 3);
  });
});
