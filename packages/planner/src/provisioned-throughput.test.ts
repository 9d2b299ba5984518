import { describe, expect, it } from 'vitest';
import {
  type ProvisionedThroughputOptions,
  provisionedThroughputBreakEven,
} from './provisioned-throughput.js';

/** $0.72 per million tokens, in and out; a unit $24, $21.18, $13.08 an hour. */
const LLAMA = 'meta.llama3-1-70b-instruct-v1:0';
const UNIT = { inputTokensPerMinute: 1_000_000, outputTokensPerMinute: 100_000 };
/** One unit's worth of tokens in an hour: 66 million, $47.52 on demand. */
const FULL_HOUR = { inputTokens: 60e6, outputTokens: 6e6 };
const plan = (change: Partial<ProvisionedThroughputOptions> = {}) =>
  provisionedThroughputBreakEven({ model: LLAMA, hours: [FULL_HOUR], unit: UNIT, ...change });

describe('provisionedThroughputBreakEven', () => {
  it('finds the utilisation at which a unit costs what the same tokens cost on demand', () => {
    const { onDemand, commitments } = plan();
    expect(onDemand?.toUsdString()).toBe('34689.6');
    expect(
      commitments.map(({ commitment, breakEvenUtilisation }) => [commitment, breakEvenUtilisation]),
    ).toEqual([
      ['none', expect.closeTo(24 / 47.52, 12)],
      ['OneMonth', expect.closeTo(21.18 / 47.52, 12)],
      ['SixMonths', expect.closeTo(13.08 / 47.52, 12)],
    ]);
    expect(commitments[2]).toMatchObject({ units: 1, minimumMonths: 6, utilisation: 1, servedShare: 1 });
    expect(commitments[2]?.total?.toUsdString()).toBe('9548.4');
    expect(commitments[2]?.saved?.toUsdString()).toBe('25141.2');
  });

  it.each([
    [0.99, 0],
    [1.01, 1],
  ])('at %d of the break-even utilisation buys %d units', (factor, units) => {
    const share = (24 / 47.52) * factor;
    const { commitments } = plan({ hours: [{ inputTokens: 60e6 * share, outputTokens: 6e6 * share }] });
    expect(commitments[0]?.units).toBe(units);
  });

  it('never breaks even where on demand costs less than a full unit', () => {
    const [none] = plan({ usdPerUnitHour: { none: 50 } }).commitments;
    expect(none).toMatchObject({ units: 0, breakEvenUtilisation: undefined });
    expect(none?.breakEven).toEqual({
      quantity: 'utilisation of a unit',
      value: undefined,
      cheaperBelow: 'on demand',
    });
  });

  it('reserves the base, leaves the peaks on demand, and shows what the peaks cost', () => {
    const hours = [0.6, 0.6, 0.6, 4.6].map((load) => ({
      inputTokens: 60e6 * load,
      outputTokens: 6e6 * load,
    }));
    const [none] = plan({ hours }).commitments;
    expect(none?.units).toBe(1);
    // 3.6 of 6.4 unit-hours overflow at $47.52, a quarter of the month.
    expect(none?.overflow?.usd).toBeCloseTo(3.6 * 47.52 * (730 / 4), 6);
    expect(none?.all.units).toBe(5);
    expect(none?.steady.units).toBe(2);
    expect(none?.steady.total?.compare(none.total!)).toBe(-1);
    expect(none?.queue.longestWaitHours).toBeUndefined();
    expect(none?.throttledShare).toBeCloseTo(3.6 / 6.4, 9);
    expect(none?.throttledWithinHours).toBe(false);
    expect(none?.curve.map(({ units }) => units)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('is bound by what a unit has least of', () => {
    const [none] = plan({ hours: [{ inputTokens: 6e6, outputTokens: 12e6 }] }).commitments;
    expect(none?.all.units).toBe(2);
  });

  it('takes minutes from a trace, in which a burst is not smoothed away', () => {
    const burst = Array.from({ length: 60 }, () => ({ atMs: 0, inputTokens: 100_000, outputTokens: 10_000 }));
    const trace = [...burst, { atMs: 59.5 * 60_000, inputTokens: 0, outputTokens: 0 }];
    const fromTrace = plan({ trace, hours: undefined as never });
    const fromHours = plan({ hours: [{ inputTokens: 6e6, outputTokens: 600_000 }] });
    expect(fromTrace.onDemand?.toUsdString()).toBe(fromHours.onDemand?.toUsdString());
    expect(fromTrace.peakToMean).toBe(60);
    expect(fromTrace.commitments[0]?.all.units).toBe(6);
    expect(fromHours.commitments[0]?.all.units).toBe(1);
    expect(fromTrace.commitments[0]?.throttledWithinHours).toBe(true);
  });

  it('estimates throttling inside an hour where requests are counted', () => {
    const hour = { inputTokens: 54e6, outputTokens: 5.4e6 };
    const [none] = plan({ hours: [{ ...hour, requests: 6_000 }] }).commitments;
    expect(none?.throttledWithinHours).toBe(true);
    expect(none?.throttledShare).toBeGreaterThan(0);
    expect(none?.throttledShare).toBeLessThan(0.1);
  });

  it('compares with what on demand costs with its cache', () => {
    const cached = { inputTokens: 0, cacheReadTokens: 60e6, outputTokens: 6e6 };
    const model = 'global.anthropic.claude-sonnet-4-5-20250929-v1:0';
    const usdPerUnitHour = { none: 100 };
    expect(plan({ model, hours: [cached], usdPerUnitHour }).commitments[0]?.breakEvenUtilisation).toBeCloseTo(
      100 / (60 * 0.3 + 6 * 15),
      9,
    );
  });

  it('prices many short prompts by one of them, not by their sum', () => {
    const model = 'global.anthropic.claude-haiku-5-5';
    const hour = { inputTokens: 60e6, outputTokens: 0, requests: 60_000 };
    const short = plan({ model, hours: [hour] }).onDemand!;
    const long = plan({ model, hours: [{ ...hour, requests: 200 }] }).onDemand!;
    expect(long.equals(short.times(5))).toBe(true);
  });

  it('refuses a term for which no model units are sold', () => {
    expect(() => plan({ usdPerUnitHour: { ThreeMonths: 10 } as never })).toThrow(
      /usdPerUnitHour.ThreeMonths/,
    );
  });

  it('says which load it lacks', () => {
    expect(() => plan({ hours: undefined as never })).toThrow('"hours" is missing; give it or trace');
    expect(() => plan({ trace: [{ atMs: 0, inputTokens: 1, outputTokens: 1 }] })).toThrow('give one');
  });

  it('plans the reserved tier, which is sold from 100,000 input and 10,000 output tokens a minute', () => {
    const model = 'us.anthropic.claude-sonnet-4-6';
    const hours = [FULL_HOUR, { inputTokens: 30e6, outputTokens: 3e6 }];
    const { reserved, best } = plan({ model, hours, unit: undefined as never });
    const [month, quarter] = reserved!.options;
    // A month costs what the tokens cost when it is always full; three months 10 % less.
    expect(month).toMatchObject({ breakEvenInput: 1, breakEvenOutput: 1, inputKtpm: 100, outputKtpm: 10 });
    expect(quarter).toMatchObject({
      breakEvenInput: 0.9,
      breakEvenOutput: 0.9,
      inputKtpm: 500,
      outputKtpm: 50,
    });
    expect(best.choice).toBe('reserved tier, ThreeMonths');
    expect(quarter?.capacity.plus(quarter.overflow).equals(quarter.total)).toBe(true);
    expect(
      plan({ model, hours: [{ inputTokens: 60, outputTokens: 6 }], unit: undefined as never }).best.choice,
    ).toBe('on demand');
  });

  it('says what nobody has told it', () => {
    const nova = plan({ model: 'amazon.nova-pro-v1:0' });
    expect(nova.commitments).toEqual([]);
    expect(nova.best.choice).toBe('on demand');
    expect(nova.missing.join()).toContain('usdPerUnitHour');
    expect(plan({ unit: undefined as never }).missing.join()).toContain('AWS');
    const unknown = plan({ mode: 'flex' });
    expect(unknown).toMatchObject({
      onDemand: undefined,
      best: { choice: '1 model unit, SixMonths', saved: undefined },
    });
    expect(unknown.commitments[0]).toMatchObject({ breakEvenUtilisation: undefined, saved: undefined });
  });

  it('says where its figures come from', () => {
    const { assumptions } = plan({
      usdPerUnitHour: { none: '20' },
      unit: { ...UNIT, source: 'load test of May' },
    });
    expect(assumptions).toContainEqual({
      what: 'model-unit price, none',
      value: '$20.00 per unit and hour',
      source: 'input',
      certainty: 'given',
    });
    expect(assumptions.map(({ source }) => source).join()).toContain('load test of May');
  });

  it('shows half and double the load', () => {
    const { sensitivity } = plan();
    expect(sensitivity.map(({ factor, amount }) => [factor, amount?.toUsdString()])).toEqual([
      [0.5, '9548.4'],
      [2, '19096.8'],
    ]);
  });

  it.each<[string, object]>([
    ['hours', { hours: undefined }],
    ['hours', { trace: [{ atMs: 0, inputTokens: 1, outputTokens: 1 }] }],
    ['hours', { hours: [] }],
    ['hours[0].inputTokens', { hours: [{ inputTokens: Number.NaN, outputTokens: 1 }] }],
    ['hours[0].outputTokens', { hours: [{ inputTokens: 1 }] }],
    ['trace', { hours: undefined, trace: [{ inputTokens: 1, outputTokens: 1 }] }],
    [
      'trace',
      {
        hours: undefined,
        trace: [
          { atMs: 0, inputTokens: 1, outputTokens: 1 },
          { atMs: 1e13, inputTokens: 1, outputTokens: 1 },
        ],
      },
    ],
    ['unit.outputTokensPerMinute', { unit: { inputTokensPerMinute: 1 } }],
    ['unit.inputTokensPerMinute', { unit: { inputTokensPerMinute: 0, outputTokensPerMinute: 1 } }],
    ['usdPerUnitHour.TwoMonths', { usdPerUnitHour: { TwoMonths: 1 } }],
    ['mode', { mode: 'reserved' }],
    ['model', { model: undefined }],
  ])('names %s when it is wrong', (option, wrong) => {
    expect(() => plan(wrong)).toThrow(expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION', option }));
  });
});
