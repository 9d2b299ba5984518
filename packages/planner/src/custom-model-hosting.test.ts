import { describe, expect, it } from 'vitest';
import { type CustomModelHostingOptions, customModelHosting } from './custom-model-hosting.js';

const UNIT = { inputTokensPerMinute: 100_000, outputTokensPerMinute: 10_000 };
const ALL: CustomModelHostingOptions = {
  hours: [
    { inputTokens: 6e6, outputTokens: 0 },
    { inputTokens: 0, outputTokens: 0 },
  ],
  provisioned: { unit: UNIT, usdPerUnitHour: '24' },
  deployment: { ratesOf: 'amazon.nova-lite-v1:0' },
  imported: { copy: UNIT, customModelUnitsPerCopy: 2 },
};

describe('customModelHosting', () => {
  it('pays units always, tokens when they come, copies while they are up', () => {
    const { ways, cheapest } = customModelHosting(ALL);
    const [provisioned, deployment, imported] = ways;
    expect(provisioned?.high?.toUsdString()).toBe('17521.95');
    // 6 million tokens every other hour at $0.06 per million, and storage.
    expect(deployment?.high?.toUsdString()).toBe('133.35');
    // Half of the month, one copy of two units, at either of the two published rates.
    expect(imported?.low?.usd).toBeCloseTo(365 * 60 * 2 * 0.05718 + 2 * 1.95, 9);
    expect(imported?.high?.usd).toBeCloseTo(365 * 60 * 2 * 0.07144 + 2 * 1.95, 9);
    expect(cheapest).toBe('deployment');
  });

  it('brings windows of five minutes together', () => {
    const trace = [0, 1, 2, 30].map((minute) => ({
      atMs: minute * 60_000,
      inputTokens: 1_000,
      outputTokens: 10,
    }));
    const imported = { copy: UNIT, customModelUnitsPerCopy: 1, usdPerUnitMinute: '0.1' };
    const [way] = customModelHosting({ trace, imported }).ways;
    // Two windows in 31 minutes.
    expect(way?.high?.usd).toBeCloseTo((10 * 0.1 * 43_800) / 31 + 1.95, 6);
  });

  it('knows no rate for other versions of units', () => {
    const { ways, cheapest, missing } = customModelHosting({
      hours: ALL.hours!,
      imported: { copy: UNIT, customModelUnitsPerCopy: 1, customModelUnitsVersion: '9.9' },
    });
    expect(ways[0]).toMatchObject({ low: undefined, high: undefined });
    expect(cheapest).toBeUndefined();
    expect(missing).toEqual(['the price of imported']);
  });

  it('shows half and double the load', () => {
    const { sensitivity } = customModelHosting({ hours: ALL.hours!, deployment: ALL.deployment! });
    expect(sensitivity.map(({ amount }) => amount?.toUsdString())).toEqual(['67.65', '264.75']);
  });

  it.each<[string, object]>([
    ['hours', { hours: undefined }],
    ['provisioned.unit', { provisioned: { usdPerUnitHour: 1 } }],
    ['provisioned.unit.inputTokensPerMinute', { provisioned: { unit: {}, usdPerUnitHour: 1 } }],
    ['deployment.ratesOf', { deployment: {} }],
    ['imported.customModelUnitsPerCopy', { imported: { copy: UNIT, customModelUnitsPerCopy: 0 } }],
    [
      'imported.usdPerUnitMinute',
      { imported: { copy: UNIT, customModelUnitsPerCopy: 1, usdPerUnitMinute: 1 } },
    ],
  ])('names %s when it is wrong', (option, wrong) => {
    expect(() => customModelHosting({ ...ALL, ...wrong })).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION', option }),
    );
  });
});
