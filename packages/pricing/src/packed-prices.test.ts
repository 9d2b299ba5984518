import { describe, expect, it } from 'vitest';
import { certaintyOf } from './packed-letters.js';
import { readRates, readRows } from './packed-prices.js';

const SOURCES = ['aws-list', 'a-table', 'derived'];

describe('readRates', () => {
  it('moves the decimal point and leaves out what is not there', () => {
    expect(readRates('4 20 .2', {})).toEqual({ input: 4_000_000, output: 20_000_000, cacheRead: 200_000 });
    expect(readRates('.135', {})).toEqual({ input: 135_000 });
    expect(readRates('1 2 0.0875 0', {})).toEqual({
      input: 1_000_000,
      output: 2_000_000,
      cacheRead: 87_500,
      cacheWrite5m: 0,
    });
    expect(readRates('', {})).toEqual({});
  });

  it('reads multiples of the base row', () => {
    const base = { input: 100, output: 1_000, cacheRead: 10 };
    expect(readRates('*.5', base)).toEqual({ input: 50, output: 500, cacheRead: 5 });
    expect(readRates('*.5:2', base)).toEqual({ input: 50, output: 500 });
    expect(readRates('*2 1.5', base)).toEqual({ input: 200, output: 1_500, cacheRead: 20 });
  });
});

describe('readRows', () => {
  it('reads rows, their conditions and their Regions', () => {
    const prices = readRows(
      ['gu;s;0;4 20;@2026-01-01 +1 ?1', 'g;s;1;*2 1.5;>1000 !a', 'r;s;0;3 15;=500', 'r;S;2;an=1 2,o=3'].join(
        '/',
      ),
      SOURCES,
    );
    const byRegion = { source: 'derived', certainty: 'assumed', tier: 'standard', scope: 'inRegion' };
    const dated = {
      effectiveFrom: '2026-01-01',
      confirmedBy: 'a-table',
      assumed: ['output'],
      source: 'aws-list',
      certainty: 'documented',
    };
    expect(prices).toEqual([
      { scope: 'global', tier: 'standard', rates: { input: 4_000_000, output: 20_000_000 }, ...dated },
      { scope: 'geo:us', tier: 'standard', rates: { input: 4_000_000, output: 20_000_000 }, ...dated },
      {
        scope: 'global',
        tier: 'standard',
        rates: { input: 8_000_000, output: 30_000_000 },
        aboveTokens: 1_000,
        source: 'a-table',
        certainty: 'assumed',
      },
      {
        scope: 'inRegion',
        tier: 'standard',
        rates: { input: 3_000_000, output: 15_000_000 },
        aboveTokens: 500,
        inclusive: true,
        source: 'aws-list',
        certainty: 'documented',
      },
      { ...byRegion, region: 'us-east-1', rates: { input: 1_000_000, output: 2_000_000 } },
      { ...byRegion, region: 'eu-west-1', rates: { input: 1_000_000, output: 2_000_000 } },
      { ...byRegion, region: 'eu-west-2', rates: { input: 3_000_000 } },
    ]);
  });

  it('adds empty rows for tiers that a Region with its own price does not list', () => {
    const prices = readRows(
      ['r;s;0;4 20', 'r;b;0;*.5', 'u;b;0;2 10', 'r;S;0;n=5 25', 'r;S;0;o=6 30', 'r;B;0;o=3 15'].join('/'),
      SOURCES,
    );
    const unknown = prices.filter(({ rates }) => Object.keys(rates).length === 0);
    expect(unknown.map(({ scope, region, tier }) => [scope, region, tier])).toEqual([
      ['inRegion', 'eu-west-1', 'batch'],
    ]);
  });

  it('reads units and nothing', () => {
    expect(readRows('r;s;0;;;image=0.04 second=0.1', SOURCES)).toMatchObject([
      { rates: {}, units: { image: '0.04', second: '0.1' } },
    ]);
    expect(readRows('', SOURCES)).toEqual([]);
  });
});

describe('certaintyOf', () => {
  it('follows from the kind of source', () => {
    expect(certaintyOf('aws-list-2026-10')).toBe('documented');
    expect(certaintyOf('models.dev-2026-11-10')).toBe('third-party');
    expect(certaintyOf('derived')).toBe('assumed');
  });
});
