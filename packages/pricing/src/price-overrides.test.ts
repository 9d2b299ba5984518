import { describe, expect, it } from 'vitest';
import { costOf, ratesFor } from './cost-of.js';
import { InvalidOptionError } from './errors.js';
import { checkOverrides } from './price-overrides.js';
import type { PriceOverride, PriceQuery, Usage } from './types.js';

const USAGE: Usage = {
  input: 1_000_000,
  output: 1_000_000,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheWrite30m: 0,
};
const OPUS = 'global.anthropic.claude-opus-5-5';

const usdWith = (overrides: readonly PriceOverride[], query: Partial<PriceQuery> = {}): string =>
  costOf(USAGE, { model: OPUS, overrides, ...query }).total.toUsdString();

describe('overrides of costOf', () => {
  it.each<[string, readonly PriceOverride[], string]>([
    ['nothing', [], '24'],
    ['a discount on everything', [{ model: '*', multiplier: '0.93' }], '22.32'],
    ['a discount on a provider', [{ model: 'anthropic.*', multiplier: '0.5' }], '12'],
    ['a discount on another provider', [{ model: 'amazon.*', multiplier: '0.5' }], '24'],
    ['a discount on one model', [{ model: 'anthropic.claude-opus-5-5', multiplier: '0.9' }], '21.6'],
    [
      'a rate of the contract',
      [{ model: 'anthropic.claude-opus-5-5', usdPerMillion: { input: '3.5' } }],
      '23.5',
    ],
    [
      'a rate beside a discount: the rate as it stands, the rest scaled',
      [{ model: 'anthropic.*', multiplier: '0.5', usdPerMillion: { input: '3.5' } }],
      '13.5',
    ],
    [
      'the last that applies, alone',
      [
        { model: '*', multiplier: '0.5' },
        { model: 'anthropic.*', multiplier: '0.9' },
      ],
      '21.6',
    ],
    [
      'a last one that does not apply',
      [
        { model: '*', multiplier: '0.5' },
        { model: 'amazon.*', multiplier: '0.9' },
      ],
      '12',
    ],
    ['another scope', [{ model: '*', scope: 'geo:us', multiplier: '0.5' }], '24'],
    ['this scope', [{ model: '*', scope: 'global', multiplier: '0.5' }], '12'],
    ['another tier', [{ model: '*', tier: 'batch', multiplier: '0.5' }], '24'],
    ['this tier', [{ model: '*', tier: 'standard', multiplier: '0.5' }], '12'],
    ['a free model', [{ model: '*', multiplier: '0' }], '0'],
    ['a surcharge', [{ model: '*', multiplier: '1.2' }], '28.8'],
  ])('applies %s', (_, overrides, usd) => {
    expect(usdWith(overrides)).toBe(usd);
  });

  it('gives a price to what has none', () => {
    const overrides = [{ model: 'anthropic.claude-mythos-5', usdPerMillion: { input: '30', output: '150' } }];
    const cost = costOf(USAGE, { model: 'global.anthropic.claude-mythos-5', overrides });
    expect(cost).toMatchObject({ complete: true });
    expect(cost.total.toUsdString()).toBe('180');
  });

  it('scales units too', () => {
    const overrides = [{ model: 'cohere.rerank-v3-5:0', multiplier: '0.75' }];
    const usage = { ...USAGE, input: 0, output: 0, units: { query: 1_000 } };
    expect(costOf(usage, { model: 'cohere.rerank-v3-5:0', overrides }).total.toUsdString()).toBe('1.5');
  });

  it('rounds a scaled rate once, halves up, to the whole pico-dollar per token', () => {
    // 35,000 pico-dollars x 0.99999 = 34,999.65; x 0.9999 = 34,996.5.
    const rateOf = (multiplier: string): number | undefined =>
      ratesFor({ model: 'us.amazon.nova-micro-v1:0', overrides: [{ model: '*', multiplier }] })?.input;
    expect(rateOf('0.99999')).toBe(35_000);
    expect(rateOf('0.9999')).toBe(34_997);
    expect(rateOf('0.9')).toBe(31_500);
  });

  it('keeps published rates as they are for other calls', () => {
    usdWith([{ model: '*', multiplier: '0.1' }]);
    expect(costOf(USAGE, { model: OPUS }).total.toUsdString()).toBe('24');
  });

  it('does not call the rates of a contract stale', () => {
    const at = new Date('2028-01-01');
    const own = [{ model: 'anthropic.*', usdPerMillion: { input: '1', output: '2' } }];
    expect(costOf(USAGE, { model: OPUS, overrides: own, at })).not.toHaveProperty('stale');
    expect(costOf(USAGE, { model: OPUS, overrides: [{ model: '*', multiplier: '0.9' }], at }).stale).toBe(
      true,
    );
  });

  it.each<[unknown, string]>([
    [{ model: '*', multiplyer: '0.9' }, 'overrides[0].multiplyer'],
    [{ multiplier: '0.9' }, 'overrides[0].model'],
    [{ model: 'anthropic.claude-opus-55', multiplier: '0.9' }, 'overrides[0].model'],
    [{ model: OPUS, multiplier: '0.9' }, 'overrides[0].model'],
    [{ model: 'acme.*', multiplier: '0.9' }, 'overrides[0].model'],
    [{ model: '*' }, 'overrides[0].multiplier'],
    [{ model: '*', multiplier: '-1' }, 'overrides[0].multiplier'],
    [{ model: '*', multiplier: '7%' }, 'overrides[0].multiplier'],
    [{ model: '*', multiplier: '0.9000001' }, 'overrides[0].multiplier'],
    [{ model: '*', multiplier: 0.9 }, 'overrides[0].multiplier'],
    [{ model: '*', multiplier: '0.9', tier: 'Batch' }, 'overrides[0].tier'],
    [{ model: '*', usdPerMillion: { inputs: '1' } }, 'overrides[0].usdPerMillion.inputs'],
    [{ model: '*', usdPerMillion: { input: '$1' } }, 'overrides[0].usdPerMillion.input'],
  ])('refuses %j', (override, option) => {
    let thrown: unknown;
    try {
      usdWith([override as PriceOverride]);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(InvalidOptionError);
    expect((thrown as InvalidOptionError).option).toBe(option);
  });

  it('says where a profile belongs', () => {
    expect(() => usdWith([{ model: OPUS, multiplier: '0.9' }])).toThrow(/the profile goes in `scope`/);
  });
});

describe('checkOverrides', () => {
  it('finds at configuration what costOf would find at the first call', () => {
    expect(() =>
      checkOverrides([
        { model: '*', multiplier: '0.9' },
        { model: 'acme.*', multiplier: '0.9' },
      ]),
    ).toThrow(/option "overrides\[1\]\.model" \("acme\.\*"\) matches no model/);
    expect(() => checkOverrides([{ model: '*', multiplier: '0.9' }])).not.toThrow();
  });
});
