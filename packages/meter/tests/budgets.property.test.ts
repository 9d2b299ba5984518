import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { deriveClient, leverPlugin, settingsPlugin, withTags } from '@costkit/core';
import {
  converseResponse,
  converseStreamEvents,
  converseStreamResponse,
  createTestClock,
  errorResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  jsonResponse,
} from '@costkit/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMeter, withMeter } from '../src/index.js';

const MODELS = [
  'us.anthropic.claude-haiku-4-5-20251001-v1:0',
  'amazon.nova-lite-v1:0',
  'amazon.nova-pro-v1:0',
];

/** One call of a burst, and what becomes of it. */
const plannedCall = fc.record({
  model: fc.constantFrom(...MODELS),
  cap: fc.integer({ min: 1, max: 2_000 }),
  /** Share of the cap that the answer uses. */
  used: fc.constantFrom(0.01, 0.5, 1),
  words: fc.integer({ min: 1, max: 300 }),
  tenant: fc.constantFrom('a', 'b'),
  fate: fc.constantFrom('answer', 'answer', 'stream', 'left early', 'error', 'throttled once', 'twice'),
  delayMs: fc.integer({ min: 0, max: 50_000 }),
});

describe('budgets', () => {
  it('are never overrun, whatever calls do and however they overlap', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(plannedCall, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 20_000 }),
        async (planned, limitMicroUsd) => {
          const clock = createTestClock();
          const limitUsd = limitMicroUsd / 1e6;
          const meter = createMeter({
            clock,
            budgets: [
              { name: 'all', limitUsd, period: 'total', onExceed: 'block' },
              { name: 'tenant', limitUsd: limitUsd / 2, period: 'total', per: 'tenant', onExceed: 'block' },
            ],
          });
          const seen = new Set<string>();
          const handler = fakeRequestHandler({
            clock,
            handler: ({ json, operation }) => {
              const { messages, inferenceConfig } = json as {
                messages: [{ content: [{ text: string }] }];
                inferenceConfig: { maxTokens: number };
              };
              const [number = '', words = ''] = messages[0].content[0].text.split(':');
              const plan = planned[Number(number)] as (typeof planned)[number];
              const { delayMs } = plan;
              if (plan.fate === 'error') return errorResponse('ValidationException', 'No.', { delayMs });
              if (plan.fate === 'throttled once' && !seen.has(number)) {
                seen.add(number);
                return errorResponse('ThrottlingException', 'Slow down.', { delayMs });
              }
              const usage = {
                // What a dense tokenizer makes of it: a third more than the estimate.
                inputTokens: Math.ceil(words.length / 3),
                outputTokens: Math.max(1, Math.floor(inferenceConfig.maxTokens * plan.used)),
              };
              return operation === 'ConverseStream'
                ? converseStreamResponse(converseStreamEvents({ text: 'word '.repeat(20), usage }), {
                    delayMs,
                  })
                : jsonResponse(converseResponse({ usage }), { delayMs });
            },
          });
          const metered = withMeter(new BedrockRuntimeClient(fakeBedrockClientConfig(handler)), { meter });
          metered.middlewareStack.use(settingsPlugin({ clock }));
          // A lever that pays twice for one call, as a cascade does.
          const twice = deriveClient(
            metered,
            leverPlugin('twice', [
              {
                name: 'twice',
                slot: 'route',
                mode: 'enforce',
                around: async (view, _, next) => {
                  await next(view, { purpose: 'draft' });
                  return next(view);
                },
              },
            ]),
          );
          const run = async (
            { model, cap, words, fate }: (typeof planned)[number],
            index: number,
          ): Promise<void> => {
            const input = {
              modelId: model,
              messages: [{ role: 'user' as const, content: [{ text: `${index}:${'word '.repeat(words)}` }] }],
              inferenceConfig: { maxTokens: cap },
            };
            if (fate !== 'stream' && fate !== 'left early') {
              await (fate === 'twice' ? twice : metered).send(new ConverseCommand(input));
              return;
            }
            const { stream } = await metered.send(new ConverseStreamCommand(input));
            let events = 0;
            for await (const _ of stream ?? []) {
              events += 1;
              if (fate === 'left early' && events === 3) break;
            }
          };
          const all = Promise.allSettled(
            planned.map((plan, index) => withTags({ tenant: plan.tenant }, () => run(plan, index))),
          );
          let done = false;
          void all.finally(() => {
            done = true;
          });
          while (!done) await clock.advance(10_000);
          const { total, rows } = meter.report({ by: ['tenant'] });
          expect(total.unpriced).toBe(0);
          expect(total.cost.usd).toBeLessThanOrEqual(limitUsd);
          for (const row of rows) expect(row.cost.usd).toBeLessThanOrEqual(limitUsd / 2);
          // All is settled: what is left is the limit less what was spent, and nothing is held any more.
          expect(meter.remaining('all').usd).toBeCloseTo(limitUsd - total.cost.usd, 12);
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);
});
