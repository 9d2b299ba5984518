import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
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
