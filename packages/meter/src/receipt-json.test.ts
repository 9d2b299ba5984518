import { type Attempt, Money } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { aReceipt } from '../tests/a-receipt.js';
import { receiptToJson } from './receipt-json.js';

const attempt: Attempt = {
  purpose: 'answer',
  modelId: 'global.anthropic.claude-haiku-5-5',
  servedModel: 'anthropic.claude-haiku-5-5',
  scope: 'global',
  region: 'us-east-1',
  mode: 'standard',
  startedAt: new Date('2026-11-22T10:15:00Z'),
  latencyMs: 700,
  requestId: 'request-1',
  usage: aReceipt().usage,
  cost: undefined,
  quality: 'estimated',
  complete: false,
};

describe('receiptToJson', () => {
  it('writes amounts as decimal text with all digits, and null where they are unknown', () => {
    const json = receiptToJson(
      aReceipt({
        cost: Money.fromPicoUsd(1n),
        baseline: undefined,
        attempts: [attempt],
        decisions: [
          {
            lever: 'meter',
            mode: 'observe',
            action: 'left alone',
            reason: 'Nothing to do.',
            estimatedSaving: Money.fromUsd('-0.5'),
          },
          { lever: 'meter', mode: 'observe', action: 'left alone', reason: 'Nothing to do.' },
        ],
      }),
    );
    expect(json).toMatchObject({
      costUsd: '0.000000000001',
      baselineUsd: null,
      savedUsd: null,
      startedAt: '2026-11-22T10:15:00.000Z',
    });
    expect(json.attempts[0]).toMatchObject({ costUsd: null, requestId: 'request-1', complete: false });
    expect(json.decisions.map(({ estimatedSavingUsd }) => estimatedSavingUsd)).toEqual(['-0.5', undefined]);
  });

  it('survives JSON unchanged', () => {
    const json = receiptToJson(aReceipt({ attempts: [attempt], error: 'AbortError', firstChunkMs: 12 }));
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  it('leaves out what a later version may add', () => {
    const receipt = { ...aReceipt(), prompt: 'secret', attempts: [{ ...attempt, answer: 'secret' }] };
    expect(JSON.stringify(receiptToJson(receipt))).not.toContain('secret');
  });
});
