import { costOf, resolveModel } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { priceUsage, pricingMode, type Service } from './price-attempt.js';
import { NO_USAGE } from './usage.js';

const NOVA_PRO = 'us.amazon.nova-pro-v1:0';
const USAGE = { ...NO_USAGE, input: 1_000, output: 100 };

const service = (more: Partial<Service> = {}): Service => ({
  resolved: resolveModel(NOVA_PRO),
  region: 'us-east-1',
  tier: undefined,
  latencyMode: undefined,
  batch: false,
  at: new Date('2026-11-22'),
  priceOverrides: [],
  ...more,
});

describe('pricingMode', () => {
  it.each([
    [{}, 'standard'],
    [{ tier: 'default' }, 'standard'],
    [{ tier: 'flex' }, 'flex'],
    [{ latencyMode: 'standard' }, 'standard'],
    [{ latencyMode: 'optimized' }, 'latencyOptimized'],
    [{ batch: true, tier: 'flex' }, 'batch'],
    [{ resolved: undefined }, 'standard'],
    [
      { resolved: { ...resolveModel(NOVA_PRO)!, billing: 'provisioned' as const }, tier: 'flex' },
      'provisioned',
    ],
  ])('of %j is %s', (more, mode) => {
    expect(pricingMode(service(more))).toBe(mode);
  });
});

describe('priceUsage', () => {
  it.each([
    ['standard', {}, {}],
    ['flex', { tier: 'flex' }, { tier: 'flex' as const }],
    ['priority', { tier: 'priority' }, { tier: 'priority' as const }],
    ['batch', { batch: true }, { batch: true }],
  ])('prices %s', (_, more, query) => {
    const { total, complete } = costOf(USAGE, { model: NOVA_PRO, region: 'us-east-1', ...query });
    expect(complete).toBe(true);
    expect(priceUsage(USAGE, service(more))?.picoUsd).toBe(total.picoUsd);
  });

  it('prices at the negotiated rate', () => {
    const priceOverrides = [{ model: 'amazon.*', multiplier: '0.5' }];
    expect(priceUsage(USAGE, service({ priceOverrides }))!.picoUsd * 2n).toBe(
      priceUsage(USAGE, service())!.picoUsd,
    );
  });

  it.each([
    ['a model that nobody knows', { resolved: undefined }],
    ['a tier that the catalogue does not know yet', { tier: 'ultrafast' }],
    [
      'a kind of billing that the catalogue does not know',
      { resolved: { ...resolveModel(NOVA_PRO)!, billing: 'unknown' as const } },
    ],
    ['an imported model', { resolved: { ...resolveModel(NOVA_PRO)!, billing: 'imported' as const } }],
  ])('does not know the price of %s, and throws nothing', (_, more) => {
    expect(priceUsage(USAGE, service(more))).toBeUndefined();
  });
});
