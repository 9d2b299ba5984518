import { describe, expect, it } from 'vitest';
import { costOf } from './cost-of.js';
import { type ImportedModelUsage, importedModelCostOf } from './imported-model-cost.js';

const USAGE: ImportedModelUsage = { copies: 1, customModelUnitsPerCopy: 2, activeMinutes: 5 };

describe('importedModelCostOf', () => {
  it.each([
    [0, 0],
    [0.1, 1],
    [5, 1],
    [5.01, 2],
    [60, 12],
  ])('bills %s active minutes as %s windows', (activeMinutes, windows) => {
    const cost = importedModelCostOf({ ...USAGE, activeMinutes });
    expect(cost?.windows).toBe(windows);
    expect(cost?.low.picoUsd).toBe(BigInt(windows) * 2n * 5n * 57_180_000_000n);
    expect(cost?.high.picoUsd).toBe(BigInt(windows) * 2n * 5n * 71_440_000_000n);
  });

  it('is one number where the rate is known', () => {
    const newer = importedModelCostOf({ ...USAGE, customModelUnitsVersion: '2.0' });
    expect([newer?.low.toUsdString(), newer?.high.toUsdString()]).toEqual(['1.433', '1.433']);
    const own = importedModelCostOf({ ...USAGE, copies: 3, usdPerUnitMinute: '0.06' });
    expect([own?.low.toUsdString(), own?.high.toUsdString()]).toEqual(['1.8', '1.8']);
  });

  it('is unknown for units of a version that no source prices', () => {
    expect(importedModelCostOf({ ...USAGE, customModelUnitsVersion: '9.0' })).toBeUndefined();
  });

  it.each([
    { copies: -1 },
    { copies: 1.5 },
    { customModelUnitsPerCopy: Number.NaN },
    { activeMinutes: -1 },
    { activeMinutes: Number.POSITIVE_INFINITY },
  ])('refuses %j', (bad) => {
    expect(() => importedModelCostOf({ ...USAGE, ...bad })).toThrow(RangeError);
  });

  it('leaves nothing to the single call', () => {
    const usage = {
      input: 500,
      output: 100,
      cacheRead: 0,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      cacheWrite30m: 0,
    };
    const model = 'arn:aws:bedrock:us-east-1:123456789012:imported-model/abcdef123456';
    expect(costOf(usage, { model })).toMatchObject({
      complete: true,
      notes: [expect.stringMatching(/five-minute windows/)],
    });
  });
});
