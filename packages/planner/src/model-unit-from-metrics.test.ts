import { describe, expect, it } from 'vitest';
import { modelUnitFromMetrics } from './model-unit-from-metrics.js';
import { provisionedThroughputBreakEven } from './provisioned-throughput.js';

const minute = (inputTokens: number, outputTokens: number, throttles = 0) => ({
  inputTokens,
  outputTokens,
  throttles,
});

describe('modelUnitFromMetrics', () => {
  it('takes the busiest minutes, and says when units were full', () => {
    const minutes = [minute(900_000, 20_000), minute(1_780_000, 92_000, 14), minute(100_000, 110_000)];
    expect(modelUnitFromMetrics({ units: 2, minutes })).toEqual({
      inputTokensPerMinute: 890_000,
      outputTokensPerMinute: 55_000,
      source: 'the busiest of 3 minutes on 2 units, 1 of them throttled',
      throttledMinutes: 1,
      certainty: 'full',
    });
  });

  it('calls it a lower bound when nothing was throttled, or only a minute that was not busy', () => {
    expect(modelUnitFromMetrics({ units: 1, minutes: [minute(5_000, 100)] }).certainty).toBe('notFull');
    const calm = [minute(5_000, 100), minute(500, 10, 3)];
    expect(modelUnitFromMetrics({ units: 1, minutes: calm })).toMatchObject({
      throttledMinutes: 1,
      certainty: 'notFull',
    });
  });

  it('is a unit of the break-even', () => {
    const {
      throttledMinutes: _,
      certainty: __,
      ...unit
    } = modelUnitFromMetrics({
      units: 1,
      minutes: [minute(900_000, 90_000, 1)],
    });
    const { assumptions } = provisionedThroughputBreakEven({
      model: 'meta.llama3-1-70b-instruct-v1:0',
      hours: [{ inputTokens: 60e6, outputTokens: 6e6 }],
      unit,
    });
    expect(JSON.stringify(assumptions)).toContain('the busiest of 1 minutes');
  });

  it.each([
    [{ units: 0, minutes: [minute(1, 1)] }, /units/],
    [{ units: 1, minutes: [] }, /no minute with tokens/],
    [{ units: 1, minutes: [minute(1, -1)] }, /outputTokens/],
    [{ units: 1, minutes: [{ inputTokens: 1 }] }, /outputTokens/],
    [{ minutes: [minute(1, 1)] }, /units/],
  ])('refuses %j', (options, message) => {
    expect(() => modelUnitFromMetrics(options as never)).toThrow(message);
  });
});
