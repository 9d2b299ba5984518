import { NO_USAGE } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { prefixTelemetry } from './prefix-telemetry.js';

const PRICES = { input: 100, read: 10, write: { '5m': 125, '1h': 200 } };
const call = (key: number, usage: Partial<typeof NO_USAGE>, expectedPicoUsd = 0) => ({
  key,
  modelId: 'm',
  usage: { ...NO_USAGE, ...usage },
  prices: PRICES,
  expectedPicoUsd,
});

describe('prefixTelemetry', () => {
  it('counts what was read and written, what that saved, and what a miss costs', () => {
    const telemetry = prefixTelemetry();
    telemetry.add(call(255, { cacheWrite5m: 1000 }, -25_000));
    telemetry.add(call(255, { cacheRead: 1000, cacheWrite5m: 100 }, 87_500));
    telemetry.add(call(255, { cacheRead: 1100 }, 99_000));
    const [record, ...others] = telemetry.report();
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      id: 'ff',
      modelId: 'm',
      calls: 3,
      hits: 2,
      writes5m: 2,
      writes1h: 0,
      readTokens: 2100,
      writtenTokens: 1100,
    });
    expect(record?.saving.picoUsd).toBe(161_500n);
    expect(record?.expectedSaving.picoUsd).toBe(161_500n);
    expect(record?.missPrice.picoUsd).toBe(126_500n);
  });

  it('shows a prefix that is written and never read as the loss that it is, last', () => {
    const telemetry = prefixTelemetry();
    telemetry.add(call(1, { cacheWrite1h: 1000 }));
    telemetry.add(call(2, { cacheRead: 10 }));
    expect(telemetry.report().map(({ id, saving }) => [id, saving.picoUsd])).toEqual([
      ['2', 900n],
      ['1', -100_000n],
    ]);
  });

  it('is bounded, and rejects options that do not exist', () => {
    const telemetry = prefixTelemetry({ maxPrefixes: 2 });
    for (const key of [1, 2, 1, 3]) telemetry.add(call(key, { cacheRead: key }));
    expect(telemetry.report().map(({ id }) => id)).toEqual(['3', '1']);
    expect(() => prefixTelemetry({ maxPrefixes: 0 })).toThrow('option "maxPrefixes" must be');
  });
});
