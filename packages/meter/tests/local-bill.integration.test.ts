import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { withTags } from '@costkit/core';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BudgetExceededError, createMeter, withMeter } from '../src/index.js';

const HAIKU = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const NOVA = 'us.amazon.nova-lite-v1:0';

let bedrock: LocalBedrock;
beforeEach(async () => {
  bedrock = await startLocalBedrock();
});
afterEach(() => bedrock.stop());

const input = (text: string, fields: Partial<ConverseCommandInput> = {}): ConverseCommandInput => ({
  modelId: HAIKU,
  messages: [{ role: 'user', content: [{ text }] }],
  inferenceConfig: { maxTokens: 200 },
  ...fields,
});
async function drain(stream: AsyncIterable<unknown> | undefined): Promise<void> {
  for await (const _ of stream ?? []) void _;
}

describe('withMeter against the local Bedrock', () => {
  it('reports what the server bills, to the last digit, over all four operations', async () => {
    const meter = createMeter();
    const client = withMeter(new BedrockRuntimeClient(bedrock.clientConfig), { meter });
    const cached = [
      { text: 'All of the handbook. '.repeat(2_000) },
      { cachePoint: { type: 'default' as const } },
    ];
    const body = JSON.stringify({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Hello' }],
    });
    await withTags({ feature: 'chat' }, async () => {
      await client.send(new ConverseCommand(input('One')));
      for (const question of ['Two', 'Three'])
        await client.send(new ConverseCommand(input(question, { system: cached })));
      await drain((await client.send(new ConverseStreamCommand(input('Four', { modelId: NOVA })))).stream);
    });
    await withTags({ feature: 'raw' }, async () => {
      await client.send(new InvokeModelCommand({ modelId: HAIKU, body }));
      await drain(
        (await client.send(new InvokeModelWithResponseStreamCommand({ modelId: HAIKU, body }))).body,
      );
    });
    const { total, rows } = meter.report({ by: ['feature'] });
    expect(total).toMatchObject({ calls: 6, unpriced: 0, estimated: 0 });
    expect(total.usage.cacheRead).toBeGreaterThan(0);
    expect(total.cost.picoUsd).toBe(bedrock.bill().total.picoUsd);
    expect(rows.map(({ group, calls }) => [group['feature'], calls])).toEqual([
      ['chat', 4],
      ['raw', 2],
    ]);
  });

  it.each([20, 200])(
    'keeps the bill of %i parallel calls, streams among them, within a budget',
    async (parallel) => {
      const limitUsd = 0.01;
      const meter = createMeter({
        budgets: [{ name: 'hourly', limitUsd, period: 'hour', onExceed: 'block' }],
      });
      const client = withMeter(new BedrockRuntimeClient(bedrock.clientConfig), { meter });
      const results = await Promise.allSettled(
        Array.from({ length: parallel }, async (_, index) => {
          if (index % 2 === 0) return client.send(new ConverseCommand(input(`Question ${index}`)));
          return drain((await client.send(new ConverseStreamCommand(input(`Question ${index}`)))).stream);
        }),
      );
      const refused = results.filter((result) => result.status === 'rejected');
      expect(refused.length).toBeGreaterThan(0);
      expect(refused.every(({ reason }) => reason instanceof BudgetExceededError)).toBe(true);
      const billed = bedrock.bill().total;
      expect(billed.usd).toBeLessThanOrEqual(limitUsd);
      expect(billed.usd).toBeGreaterThan(limitUsd * 0.3);
      expect(meter.report().total.cost.picoUsd).toBe(billed.picoUsd);
    },
  );
});
