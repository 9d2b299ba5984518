import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../src/catalogue.js';
import { checkOverrides, costOf, type PriceQuery, ratesFor, resolveModel, type Usage } from '../src/index.js';
import {
  loadPriceOverlay,
  type OverlayPrice,
  type PriceOverlay,
  priceOverridesOf,
  readPriceOverlay,
  savePriceOverlay,
} from '../src/overlay.js';

const NOVA = 'amazon.nova-lite-v1:0';
const OPUS = 'anthropic.claude-opus-5';
const USAGE: Usage = {
  input: 1_000_000,
  output: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheWrite30m: 0,
};
const OVERLAY: PriceOverlay = {
  format: 'costkit-price-overlay/1',
  catalogue: '2026-11-22+18f81cdf',
  sources: { 'aws-list-2026-12-03': { date: '2026-12-03', what: 'made for a test' } },
  confirmed: {},
  prices: {},
};
const PRICE: OverlayPrice = {
  scopes: ['global'],
  tier: 'standard',
  usdPerMillion: { input: '4.5', output: '22.5' },
  effectiveFrom: '2026-12-03',
  source: 'aws-list-2026-12-03',
  certainty: 'documented',
};
const withPrices = (model: string, ...prices: readonly OverlayPrice[]): PriceOverlay => ({
  ...OVERLAY,
  prices: { [model]: prices },
});

const AFTER = new Date('2026-12-24');
const usd = (overlay: PriceOverlay, query: Omit<PriceQuery, 'overrides'>): string => {
  const { total, complete } = costOf(USAGE, { at: AFTER, ...query, overrides: priceOverridesOf(overlay) });
  return complete ? total.toUsdString() : 'unknown';
};

describe('priceOverridesOf', () => {
  it('prices calls from its first day on, and calls of the past as before', () => {
    const overlay = withPrices(OPUS, PRICE);
    const model = `global.${OPUS}`;
    expect(usd(overlay, { model })).toBe('4.5');
    expect(usd(overlay, { model, at: new Date('2026-12-03T00:00:00Z') })).toBe('4.5');
    expect(usd(overlay, { model, at: new Date('2026-12-02T23:59:59Z') })).toBe('5');
    expect(usd(overlay, { model: `us.${OPUS}` })).toBe('5.5');
    expect(usd(overlay, { model: `global.anthropic.claude-opus-5-5` })).toBe(
      usd(OVERLAY, { model: `global.anthropic.claude-opus-5-5` }),
    );
    expect(costOf(USAGE, { model }).total.toUsdString()).toBe('5');
  });

  it('takes resolved models, and answers planning too', () => {
    const overrides = priceOverridesOf(withPrices(OPUS, PRICE));
    const model = resolveModel(`global.${OPUS}`);
    if (model === undefined) throw new Error('not resolved');
    expect(ratesFor({ model, overrides })).toEqual({ input: 4_500_000, output: 22_500_000 });
    expect(ratesFor({ model })?.input).toBe(5_000_000);
  });

  it('is the list to which discounts and contracts apply, wherever they stand', () => {
    const published = priceOverridesOf(withPrices(OPUS, PRICE));
    const discount = { model: 'anthropic.*', multiplier: '0.9' };
    for (const overrides of [
      [...published, discount],
      [discount, ...published],
    ]) {
      checkOverrides(overrides);
      expect(costOf(USAGE, { model: `global.${OPUS}`, overrides }).total.toUsdString()).toBe('4.05');
      expect(
        costOf(USAGE, { model: 'global.anthropic.claude-opus-4-6-v1', overrides }).total.toUsdString(),
      ).toBe('4.5');
    }
  });

  it('opens a Region with the prices that it has, and no others', () => {
    const overlay = withPrices(NOVA, {
      ...PRICE,
      scopes: ['inRegion', 'geo:us'],
      regions: ['mx-central-1'],
      usdPerMillion: { input: '0.07' },
    });
    const region = 'mx-central-1';
    expect(usd(OVERLAY, { model: NOVA, region })).toBe('unknown');
    expect(usd(overlay, { model: NOVA, region })).toBe('0.07');
    expect(usd(overlay, { model: `us.${NOVA}`, region })).toBe('0.07');
    // The base Region has a price for these; here they stay unknown.
    expect(usd(overlay, { model: NOVA, region, batch: true })).toBe('unknown');
    expect(usd(overlay, { model: `eu.${NOVA}`, region })).toBe('unknown');
    expect(usd(overlay, { model: NOVA, region, at: new Date('2026-11-01') })).toBe('unknown');
    expect(usd(overlay, { model: NOVA, region: 'us-east-1' })).toBe('0.06');
    const nova2 = withPrices('amazon.nova-2-lite-v1:0', {
      ...PRICE,
      scopes: ['inRegion'],
      regions: [region],
    });
    expect(usd(nova2, { model: 'global.amazon.nova-2-lite-v1:0', region })).toBe('0.3');
  });

  it('makes a price unknown that has ended', () => {
    const overlay = withPrices(OPUS, {
      ...PRICE,
      usdPerMillion: {},
      unknownBecause: 'AWS lists it no longer',
    });
    expect(usd(overlay, { model: `global.${OPUS}` })).toBe('unknown');
    expect(usd(overlay, { model: `global.${OPUS}`, at: new Date('2026-12-01') })).toBe('5');
  });

  it('keeps brackets apart', () => {
    const overlay = withPrices('openai.gpt-6-astra', {
      ...PRICE,
      aboveTokens: 272_000,
      usdPerMillion: { input: '18' },
    });
    const query = { model: 'global.openai.gpt-6-astra', at: AFTER, overrides: priceOverridesOf(overlay) };
    expect(costOf({ ...USAGE, input: 272_001 }, query).lines[0]?.picoUsdPerUnit).toBe(18_000_000);
    expect(costOf({ ...USAGE, input: 272_000 }, query).lines[0]?.picoUsdPerUnit).toBe(10_000_000);
  });

  it('makes new what it confirms', () => {
    const at = new Date('2027-02-20');
    const query = { model: `global.${OPUS}`, at };
    expect(costOf(USAGE, query).stale).toBe(true);
    const confirmed = { ...OVERLAY, confirmed: { [OPUS]: { standard: 'aws-list-2026-12-03' } } };
    expect(costOf(USAGE, { ...query, overrides: priceOverridesOf(confirmed) }).stale).toBeUndefined();
    const later = { ...query, at: new Date('2027-03-04') };
    expect(costOf(USAGE, { ...later, overrides: priceOverridesOf(confirmed) }).stale).toBe(true);
    const changed = withPrices(OPUS, PRICE);
    expect(costOf(USAGE, { ...query, overrides: priceOverridesOf(changed) }).stale).toBeUndefined();
    expect(costOf(USAGE, { ...later, overrides: priceOverridesOf(changed) }).stale).toBe(true);
  });

  it('confirms what holds, not what held', () => {
    const overlay = {
      ...withPrices(OPUS, PRICE),
      confirmed: { [OPUS]: { standard: 'aws-list-2026-12-10' } },
    };
    const [override] = priceOverridesOf(overlay);
    const rows = override?.published?.prices.filter(
      ({ scope, tier }) => scope === 'global' && tier === 'standard',
    );
    expect(rows?.map(({ source, confirmedBy }) => [source, confirmedBy])).toEqual([
      ['aws-list-2026-12-03', 'aws-list-2026-12-10'],
      [expect.any(String), CATALOGUE.get(OPUS)?.prices[0]?.confirmedBy],
    ]);
  });

  it.each<[string, unknown, string]>([
    ['another form', { ...OVERLAY, format: 'costkit-price-overlay/2' }, 'overlay.format'],
    ['an unknown field', { ...OVERLAY, price: {} }, 'overlay.price'],
    ['a list', [], 'overlay'],
    ['no sources', { ...OVERLAY, sources: undefined }, 'overlay.sources'],
    ['a source without a date', { ...OVERLAY, sources: { x: { what: '' } } }, 'overlay.sources'],
    ['an unknown model', withPrices('acme.nope', PRICE), 'overlay.prices["acme.nope"]'],
    [
      'a confirmed unknown model',
      { ...OVERLAY, confirmed: { 'acme.nope': {} } },
      'overlay.prices["acme.nope"]',
    ],
    ['a confirmed unknown tier', { ...OVERLAY, confirmed: { [OPUS]: { turbo: 'x' } } }, 'overlay.confirmed'],
    ['an unknown scope', withPrices(OPUS, { ...PRICE, scopes: ['moon'] as never }), '[0].scopes'],
    ['no scope', withPrices(OPUS, { ...PRICE, scopes: [] }), '[0].scopes'],
    ['an unknown tier', withPrices(OPUS, { ...PRICE, tier: 'reserved' as never }), '[0].tier'],
    [
      'a number as a price',
      withPrices(OPUS, { ...PRICE, usdPerMillion: { input: 5 as never } }),
      '[0].usdPerMillion',
    ],
    ['a negative price', withPrices(OPUS, { ...PRICE, usdPerMillion: { input: '-5' } }), '[0].usdPerMillion'],
    [
      'too many decimals',
      withPrices(OPUS, { ...PRICE, usdPerMillion: { input: '0.0000001' } }),
      '[0].usdPerMillion',
    ],
    [
      'a slip of the unit',
      withPrices(OPUS, { ...PRICE, usdPerMillion: { input: '5000' } }),
      '[0].usdPerMillion',
    ],
    [
      'an unknown kind',
      withPrices(OPUS, { ...PRICE, usdPerMillion: { inputs: '5' } as never }),
      '[0].usdPerMillion',
    ],
    ['no day', withPrices(OPUS, { ...PRICE, effectiveFrom: 'launch' }), '[0].effectiveFrom'],
    ['an impossible day', withPrices(OPUS, { ...PRICE, effectiveFrom: '2026-13-01' }), '[0].effectiveFrom'],
    ['no tier', withPrices(OPUS, { ...PRICE, tier: undefined as never }), '[0].tier'],
    [
      'an unknown field of a price',
      withPrices(OPUS, { ...PRICE, region: 'us-east-1' } as never),
      '[0].region',
    ],
    ['a bracket of no size', withPrices(OPUS, { ...PRICE, aboveTokens: 0 }), '[0].aboveTokens'],
  ])('refuses %s and says where', (_, overlay, path) => {
    expect(() => priceOverridesOf(overlay as PriceOverlay)).toThrow(path);
  });
});

describe('files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'costkit-overlay-'));
  });
  afterEach(async () => rm(folder, { recursive: true }));

  it('reads back what it writes, one line a price, in a fixed order', async () => {
    const file = join(folder, 'prices.json');
    const overlay = {
      ...withPrices(OPUS, PRICE, { ...PRICE, tier: 'batch' }),
      confirmed: { [NOVA]: { flex: 'aws-list-2026-12-03' } },
    };
    await savePriceOverlay(file, overlay);
    expect(await readPriceOverlay(file)).toEqual(overlay);
    expect(await readdir(folder)).toEqual(['prices.json']);
    const lines = (await readFile(file, 'utf8')).split('\n');
    expect(lines.filter((line) => line.includes('usdPerMillion'))).toHaveLength(2);
    expect(lines.every((line) => line.length < 200)).toBe(true);
    await savePriceOverlay(file, OVERLAY);
    expect(await readPriceOverlay(file)).toEqual(OVERLAY);
  });

  it('loads for costOf', async () => {
    const file = join(folder, 'prices.json');
    await savePriceOverlay(file, withPrices(OPUS, PRICE));
    const overrides = await loadPriceOverlay(file);
    expect(costOf(USAGE, { model: `global.${OPUS}`, overrides, at: AFTER }).total.toUsdString()).toBe('4.5');
  });

  it('tells a missing file from a broken one', async () => {
    const file = join(folder, 'prices.json');
    expect(await readPriceOverlay(file)).toBeUndefined();
    await expect(loadPriceOverlay(file)).rejects.toMatchObject({ code: 'COSTKIT_BAD_PRICE_OVERLAY' });
    await writeFile(file, '{"format":');
    await expect(readPriceOverlay(file)).rejects.toMatchObject({ code: 'COSTKIT_BAD_PRICE_OVERLAY' });
    await writeFile(file, '{}');
    await expect(readPriceOverlay(file)).rejects.toMatchObject({ code: 'COSTKIT_INVALID_OPTION' });
    await expect(readPriceOverlay(folder)).rejects.toMatchObject({ code: 'COSTKIT_BAD_PRICE_OVERLAY' });
    await writeFile(file, `\uFEFF${JSON.stringify(OVERLAY)}`);
    expect(await readPriceOverlay(file)).toEqual(OVERLAY);
  });

  it('leaves the old file and nothing else where the new one cannot be written', async () => {
    const file = join(folder, 'prices.json');
    await savePriceOverlay(file, OVERLAY);
    await expect(savePriceOverlay(file, { ...OVERLAY, format: 'x' } as never)).rejects.toThrow(
      'overlay.format',
    );
    await expect(savePriceOverlay(join(folder, 'none', 'prices.json'), OVERLAY)).rejects.toMatchObject({
      code: 'COSTKIT_CANNOT_WRITE',
    });
    // A folder stands where the file should: the last step fails.
    await expect(savePriceOverlay(folder, OVERLAY)).rejects.toMatchObject({ code: 'COSTKIT_CANNOT_WRITE' });
    expect(await readdir(folder)).toEqual(['prices.json']);
  });
});
