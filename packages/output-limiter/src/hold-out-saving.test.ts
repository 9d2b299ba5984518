import { Money, type Receipt } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { holdOutSaving } from './hold-out-saving.js';

const receipt = (picoUsd: number, heldOut: boolean, task = 'answer', rest: Partial<Receipt> = {}): Receipt =>
  ({
    tags: { task },
    requestedModel: 'm',
    cost: Money.fromPicoUsd(picoUsd),
    decisions: [
      {
        lever: 'output-limiter',
        mode: 'enforce',
        action: heldOut ? 'held out' : 'asked for brevity',
        reason: '',
      },
    ],
    ...rest,
  }) as Receipt;

/** Costs around a mean, half below it and half above. */
const around = (mean: number, spread: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => mean + (index % 2 === 0 ? spread : -spread));

describe('holdOutSaving', () => {
  it('measures the difference of the means, with its interval', () => {
    const receipts = [
      ...around(1000, 100, 100).map((cost) => receipt(cost, true)),
      ...around(600, 100, 400).map((cost) => receipt(cost, false)),
    ];
    const saving = holdOutSaving(receipts);
    expect(saving?.calls).toEqual({ limited: 400, heldOut: 100 });
    expect(saving?.perCall.picoUsd).toBe(400n);
    expect(saving?.total.picoUsd).toBe(160_000n);
    expect(saving?.significant).toBe(true);
    // 1.96 · √(100²/99 + 100²/399), about 22 on a call.
    const [low, high] = saving?.perCallInterval ?? [];
    expect(Number(low?.picoUsd)).toBeCloseTo(400 - 22, -1);
    expect(Number(high?.picoUsd)).toBeCloseTo(400 + 22, -1);
  });

  it('does not take the dearer task for a saving, nor noise for a difference', () => {
    const receipts = [
      ...around(10_000, 900, 100).map((cost) => receipt(cost, true, 'dear')),
      ...around(10_000, 900, 30).map((cost) => receipt(cost, false, 'dear')),
      ...around(100, 90, 30).map((cost) => receipt(cost, true, 'cheap')),
      ...around(100, 90, 300).map((cost) => receipt(cost, false, 'cheap')),
    ];
    expect(holdOutSaving(receipts)).toMatchObject({
      significant: false,
      calls: { limited: 330, heldOut: 130 },
    });
  });

  it('says nothing while there are too few, and leaves out what has no cost, failed, or was not ours', () => {
    const few = around(100, 1, 19).flatMap((cost) => [receipt(cost, true), receipt(cost, false)]);
    expect(holdOutSaving(few)).toBeUndefined();
    const odd = Array.from({ length: 50 }, (_, index) => [
      receipt(1, index % 2 === 0, 'answer', { cost: undefined }),
      receipt(1, index % 2 === 0, 'answer', { error: 'ThrottlingException' }),
      receipt(1, index % 2 === 0, 'answer', { decisions: [] }),
    ]).flat();
    expect(holdOutSaving(odd)).toBeUndefined();
  });
});
