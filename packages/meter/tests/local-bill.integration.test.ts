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
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  BudgetExceededError,
  type BudgetStore,
  createMeter,
  memoryBudgetStore,
  withMeter,
} from '../src/index.js';

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

  it('counts no less than the bill of a stream that is left early, of which nobody has counted the pictures', async () => {
    const meter = createMeter({
      mediaTokens: { image: 1_600 },
      budgets: [{ name: 'all', limitUsd: 1, period: 'total', onExceed: 'block' }],
    });
    const client = withMeter(new BedrockRuntimeClient(bedrock.clientConfig), { meter });
    // The head of a PNG of 1,000 by 1,000 pixels.
    const bytes = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAA+gAAAPoCAYAAAAfFcSJ', 'base64');
    const content = [{ image: { format: 'png' as const, source: { bytes } } }, { text: 'What is it?' }];
    const { stream } = await client.send(
      new ConverseStreamCommand(input('', { messages: [{ role: 'user', content }] })),
    );
    let text = '';
    for await (const { contentBlockDelta } of stream ?? []) {
      text += contentBlockDelta?.delta?.text ?? '';
      if (text !== '') break;
    }
    await vi.waitFor(() => expect(bedrock.bill().lines).toHaveLength(1));
    const spent = 10n ** 12n - meter.remaining('all').picoUsd;
    expect(spent).toBeGreaterThanOrEqual(bedrock.bill().total.picoUsd);
    expect(meter.report().total).toMatchObject({ estimated: 1 });
  });

  /** Characters of a range, in an order that no tokenizer has seen. */
  const mixed = (from: number, to: number, length = 2_000): string =>
    Array.from({ length }, (_, index) =>
      String.fromCodePoint(from + ((index * 7_919 + 31 * (index % 97)) % (to - from + 1))),
    ).join('');

  it.each([
    ['ASCII', mixed(0x21, 0x7e)],
    ['Latin', mixed(0xc0, 0x2af)],
    ['accents', `z${mixed(0x300, 0x36f)}`],
    ['Greek and Cyrillic', mixed(0x370, 0x52f)],
    ['Hebrew and Arabic', mixed(0x5d0, 0x6ff)],
    ['Syriac to Tibetan', mixed(0x700, 0xfff)],
    ['scripts of Africa and America', mixed(0x1200, 0x16ff)],
    ['symbols', mixed(0x2070, 0x2fff)],
    ['kana', mixed(0x3041, 0x30ff)],
    ['Chinese', mixed(0x4e00, 0x9fff)],
    ['Chinese beyond the basic plane', mixed(0x20000, 0x2a6df)],
    ['Hangul', mixed(0xac00, 0xd7a3)],
    ['private use', mixed(0xe000, 0xf8ff)],
    ['emoji', mixed(0x1f300, 0x1faff)],
  ])('reserves at least what a prompt of %s costs', async (_, text) => {
    const store = memoryBudgetStore();
    let reserved = 0n;
    const watched: BudgetStore = {
      ...store,
      reserve: (entry) => {
        reserved += entry.picoUsd;
        return store.reserve(entry);
      },
    };
    const client = withMeter(new BedrockRuntimeClient(bedrock.clientConfig), {
      budgets: [{ name: 'all', limitUsd: 100, period: 'total', onExceed: 'block' }],
      store: watched,
    });
    await client.send(new ConverseCommand(input(text, { inferenceConfig: { maxTokens: 1 } })));
    expect(reserved).toBeGreaterThanOrEqual(bedrock.bill().total.picoUsd);
  });
});
