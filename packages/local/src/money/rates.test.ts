import type { CatalogueModel } from '@costkit/pricing/catalogue';
import { describe, expect, it } from 'vitest';
import { catalogueRow } from '../../tests/_catalogue-row.js';
import { type PricedRequest, priceRequest, priceRow } from './rates.js';

type Row = CatalogueModel['prices'][number];

const row = (changes: Partial<Row>): Row => ({
  scope: 'inRegion',
  tier: 'standard',
  rates: { input: 1 },
  source: 'test',
  certainty: 'assumed',
  ...changes,
});
const NO_TOKENS = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite30m: 0 };
const request = (prices: readonly Row[], changes: Partial<PricedRequest> = {}): PricedRequest => ({
  model: catalogueRow({ prices }),
  scope: 'inRegion',
  region: 'us-east-1',
  mode: { batch: false, tier: 'standard', latencyOptimized: false },
  tokens: { ...NO_TOKENS, input: 10 },
  units: {},
  billing: 'token',
  at: Date.parse('2026-11-22T12:00:00Z'),
  ...changes,
});

describe('priceRow', () => {
  it('takes the scope that was called, and no other', () => {
    const rows = [
      row({ scope: 'global', rates: { input: 1 } }),
      row({ scope: 'geo:us', rates: { input: 2 } }),
    ];
    expect(priceRow(request(rows, { scope: 'geo:us' }))?.rates.input).toBe(2);
    expect(priceRow(request(rows, { scope: 'geo:eu' }))).toBeUndefined();
  });

  it('lets the row of the Region win over the general one', () => {
    const rows = [row({ rates: { input: 1 } }), row({ region: 'eu-west-1', rates: { input: 2 } })];
    expect(priceRow(request(rows, { region: 'eu-west-1' }))?.rates.input).toBe(2);
    expect(priceRow(request(rows))?.rates.input).toBe(1);
  });

  it.each([
    [{ batch: true, tier: 'standard', latencyOptimized: false }, 2],
    [{ batch: false, tier: 'flex', latencyOptimized: false }, 3],
    [{ batch: false, tier: 'priority', latencyOptimized: false }, 4],
    [{ batch: false, tier: 'standard', latencyOptimized: true }, 5],
  ] as const)('takes the row of the mode %j', (mode, expected) => {
    const rows = (['standard', 'batch', 'flex', 'priority', 'latencyOptimized'] as const).map((tier, index) =>
      row({ tier, rates: { input: index + 1 } }),
    );
    expect(priceRow(request(rows, { mode }))?.rates.input).toBe(expected);
  });

  it('never prices one tier by another', () => {
    const mode = { batch: false, tier: 'flex', latencyOptimized: false } as const;
    expect(priceRow(request([row({})], { mode }))).toBeUndefined();
  });

  it('takes the newest row in force on the day of the call', () => {
    const rows = [
      row({ rates: { input: 1 } }),
      row({ rates: { input: 2 }, effectiveFrom: '2026-11-01' }),
      row({ rates: { input: 3 }, effectiveFrom: '2026-12-01' }),
    ];
    expect(priceRow(request(rows))?.rates.input).toBe(2);
    expect(priceRow(request(rows, { at: Date.parse('2026-12-01T00:00:00Z') }))?.rates.input).toBe(3);
    expect(priceRow(request(rows, { at: Date.parse('2026-10-31T23:59:59Z') }))?.rates.input).toBe(1);
  });

  it('reprices the whole request above a long-context threshold, which counts the cache but not the output', () => {
    const rows = [row({ rates: { input: 1 } }), row({ rates: { input: 5 }, aboveTokens: 100 })];
    const at = (tokens: object): number | undefined =>
      priceRow(request(rows, { tokens: { ...NO_TOKENS, ...tokens } }))?.rates.input;
    expect(at({ input: 100, output: 50 })).toBe(1);
    expect(at({ input: 101 })).toBe(5);
    expect(at({ input: 1, cacheRead: 99, cacheWrite1h: 1 })).toBe(5);
    const inclusive = [
      row({ rates: { input: 1 } }),
      row({ rates: { input: 5 }, aboveTokens: 100, inclusive: true }),
    ];
    expect(priceRow(request(inclusive, { tokens: { ...NO_TOKENS, input: 100 } }))?.rates.input).toBe(5);
  });

  it('does not fall back to the bracket below when the one reached has no price yet', () => {
    const rows = [row({ rates: { input: 1 } }), row({ aboveTokens: 5, effectiveFrom: '2027-01-01' })];
    expect(priceRow(request(rows))).toBeUndefined();
  });

  it('takes a Region whose row is empty for one without a price', () => {
    const rows = [row({}), row({ region: 'us-east-1', rates: {} })];
    expect(priceRow(request(rows))?.rates).toEqual({});
  });

  it('keeps to the bracket when a Region has a row for the bracket below only', () => {
    const rows = [
      row({ region: 'us-east-1', rates: { input: 1 } }),
      row({ rates: { input: 5 }, aboveTokens: 5 }),
    ];
    expect(priceRow(request(rows))?.rates.input).toBe(5);
  });
});

describe('priceRow where the source Region decides', () => {
  const model = catalogueRow({
    prices: [row({}), row({ scope: 'geo:us' }), row({ scope: 'global' })],
    pricedRegions: ['us-east-1'],
  });

  it.each([
    ['inRegion', 'us-east-1', true],
    ['inRegion', 'us-east-2', false],
    ['geo:us', 'us-east-2', false],
    ['global', 'us-east-2', true],
  ])('for %s from %s knows a price: %s', (scope, region, known) => {
    expect(priceRow(request([], { model, scope, region })) !== undefined).toBe(known);
  });
});

describe('priceRequest', () => {
  it('multiplies whole pico-dollars, with one amount per kind that was used', () => {
    const tokens = { ...NO_TOKENS, input: 3, output: 2, cacheRead: 7 };
    expect(
      priceRequest(request([row({ rates: { input: 10, output: 20, cacheRead: 1 } })], { tokens })),
    ).toEqual([
      { kind: 'input', count: 3, picoUsdEach: 10n, picoUsd: 30n },
      { kind: 'output', count: 2, picoUsdEach: 20n, picoUsd: 40n },
      { kind: 'cacheRead', count: 7, picoUsdEach: 1n, picoUsd: 7n },
    ]);
  });

  it('leaves the amount open where no rate is known, and takes 0 for a price', () => {
    const tokens = { ...NO_TOKENS, output: 2, cacheWrite5m: 9 };
    expect(priceRequest(request([row({ rates: { cacheWrite5m: 0 } })], { tokens }))).toEqual([
      { kind: 'output', count: 2, picoUsdEach: undefined, picoUsd: undefined },
      { kind: 'cacheWrite5m', count: 9, picoUsdEach: 0n, picoUsd: 0n },
    ]);
  });

  it('prices units beside tokens', () => {
    const rows = [row({ units: { image: '0.00006' } })];
    expect(priceRequest(request(rows, { tokens: NO_TOKENS, units: { image: 2 } }))).toEqual([
      { kind: 'image', count: 2, picoUsdEach: 60_000_000n, picoUsd: 120_000_000n },
    ]);
  });

  it('asks nothing per token under a reservation', () => {
    const mode = { batch: false, tier: 'reserved', latencyOptimized: false } as const;
    expect(priceRequest(request([row({})], { mode }))).toEqual([
      { kind: 'input', count: 10, picoUsdEach: 0n, picoUsd: 0n },
    ]);
  });

  it('asks nothing per token of provisioned capacity, and does not know what imported capacity costs', () => {
    expect(priceRequest(request([row({})], { billing: 'provisioned' }))).toMatchObject([{ picoUsd: 0n }]);
    expect(priceRequest(request([row({})], { billing: 'imported' }))).toMatchObject([{ picoUsd: undefined }]);
  });
});
