import { listModels } from '@costkit/pricing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Money, type Receipt, receiptOf } from '../src/index.js';
import { readWhole, streamReader } from '../src/reading.js';
import { sumUsage } from '../src/usage.js';
import { viewRequest } from '../src/views.js';
import { aCall, attempted, aView, MODEL, OTHER_MODEL } from './a-call.js';

const count = fc.nat(20_000);
const sent = fc.record({
  purpose: fc.constantFrom('answer', 'draft', 'check', 'repair', 'escalation'),
  modelId: fc.constantFrom(MODEL, OTHER_MODEL, 'us.amazon.nova-pro-v1:0', 'acme.unheard-of-v1'),
  usage: fc.record({
    inputTokens: count,
    outputTokens: count,
    cacheReadInputTokens: fc.oneof(fc.constant(0), count),
    cacheWriteInputTokens: fc.oneof(fc.constant(0), count),
  }),
  fails: fc.boolean(),
});

const counterfactual = fc.record(
  {
    cachePointsAreOurs: fc.boolean(),
    outputTokens: count,
    tokenRatio: fc.double({ min: 0.5, max: 2, noNaN: true }),
  },
  { requiredKeys: [] },
);

describe('a receipt', () => {
  it('is the sum of its attempts, and saves what it costs less than its baseline', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sent, { maxLength: 5 }), counterfactual, async (attempts, knowledge) => {
        const call = await aCall();
        call.counterfactual = { ...knowledge };
        for (const { purpose, modelId, usage, fails } of attempts) {
          const view = aView({ modelId });
          if (fails) {
            const error = Object.assign(new Error('lost'), { name: 'TimeoutError' });
            call.beginAttempt(view, purpose, undefined).fail(error);
          } else attempted(call, view, usage, { purpose });
        }
        const output = {};
        call.finish({ output, view: undefined });
        const receipt = receiptOf(output) as Receipt;
        expect(receipt.attempts).toHaveLength(attempts.length);
        expect(receipt.usage).toEqual(sumUsage(receipt.attempts.map(({ usage }) => usage)));
        const costs = receipt.attempts.map(({ cost }) => cost);
        expect(receipt.cost?.picoUsd).toBe(
          costs.includes(undefined) ? undefined : Money.sum(costs as Money[]).picoUsd,
        );
        expect(receipt.saved?.picoUsd).toBe(
          receipt.cost === undefined || receipt.baseline === undefined
            ? undefined
            : receipt.baseline.picoUsd - receipt.cost.picoUsd,
        );
        expect(receipt.baseline?.picoUsd ?? 0n).toBeGreaterThanOrEqual(0n);
        expect(receipt.quality).toBe(attempts.some(({ fails }) => fails) ? 'estimated' : 'measured');
        if (attempts.length !== 1) expect(receipt.baselineQuality).toBe('estimated');
        expect(receipt.settled).toBe(true);
      }),
    );
  });
});

describe('what reads answers', () => {
  const dialects = [...new Map(listModels().map((model) => [model.dialect, model])).values()];
  const member = fc.constantFrom(
    'usage',
    'output',
    'message',
    'content',
    'text',
    'choices',
    'delta',
    'results',
    'generations',
    'completions',
    'outputs',
    'type',
    'stop_reason',
    'metadata',
    'iterations',
    'cacheDetails',
    'input_tokens',
    'inputTokens',
    'prompt_tokens',
    'amazon-bedrock-invocationMetrics',
    'inputTokenCount',
  );
  const { json } = fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<unknown>(null, 5, -1, 'message_start', 'message_delta', 'message_stop', true),
      fc.dictionary(member, tie('json'), { maxKeys: 4 }),
      fc.array(tie('json'), { maxLength: 3 }),
    ),
  }));

  it('survives every answer of every family', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...dialects),
        fc.array(json, { minLength: 1, maxLength: 4 }),
        (model, answers) => {
          const bytes = answers.map((answer) => new TextEncoder().encode(JSON.stringify(answer)));
          const body = JSON.stringify({ prompt: 'x', messages: [], texts: [], inputText: 'x' });
          for (const operation of ['InvokeModel', 'Converse'] as const) {
            const view = viewRequest(operation, { modelId: model.id, body });
            for (const [index, one] of answers.entries()) {
              const output = { ...(typeof one === 'object' ? one : {}), body: bytes[index] };
              expect(readWhole(view, { output }, model).text).toBeTypeOf('string');
            }
          }
          for (const operation of ['InvokeModelWithResponseStream', 'ConverseStream'] as const) {
            const reader = streamReader(
              viewRequest(operation, { modelId: model.id, body }),
              { output: {} },
              model,
            );
            for (const [index, one] of answers.entries()) {
              reader.onChunk(
                operation === 'ConverseStream' ? (one as object) : { chunk: { bytes: bytes[index] } },
              );
            }
            expect(reader.reading().text).toBeTypeOf('string');
          }
        },
      ),
    );
  });
});
