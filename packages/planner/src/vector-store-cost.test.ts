import { describe, expect, it } from 'vitest';
import { vectorStoreCost } from './vector-store-cost.js';
import type { VectorStoreOptions } from './vector-store-options.js';

const BASE: VectorStoreOptions = { vectors: 1_000_000, dimensions: 1_024, queriesPerMonth: 100_000 };
const plan = (change: Partial<VectorStoreOptions> = {}) => vectorStoreCost({ ...BASE, ...change });
const storeOf = (name: string, change: Partial<VectorStoreOptions> = {}) =>
  plan(change).stores.find(({ store }) => store === name)!;

describe('vectorStoreCost', () => {
  it('comes within three cents of the example on the pricing page of S3 Vectors: $11.38', () => {
    const { perMonth } = storeOf('s3Vectors', {
      vectors: 10_000_000,
      metadataBytes: Math.round(1.17 * 1_024),
      payloadBytes: 1_024,
      queriesPerMonth: 1_000_000,
      indexes: 40,
      churnPerMonth: 1 / 6,
    });
    expect(perMonth?.usd).toBeGreaterThan(11.35);
    expect(perMonth?.usd).toBeLessThan(11.41);
  });

  it('bills 128 KB for a write of less', () => {
    const writes = (vectorsPerPut: number) =>
      storeOf('s3Vectors', { churnPerMonth: 1, vectorsPerPut }).parts.find(({ name }) => name === 'writes')
        ?.amount?.usd;
    expect(writes(1)).toBeCloseTo((1e6 * 128 * 1_024 * 0.2) / 1_024 ** 3, 6);
    expect(writes(500)).toBeCloseTo((1e6 * (4_096 + 200) * 0.2) / 1_024 ** 3, 6);
  });

  it('starts OpenSearch Serverless at two units, one without redundancy', () => {
    const small = { vectors: 1_000 };
    expect(storeOf('openSearchServerless', small)).toMatchObject({ units: 2 });
    expect(storeOf('openSearchServerless', small).perMonth?.usd).toBeCloseTo(350.4, 2);
    expect(storeOf('openSearchServerless', { ...small, redundant: false }).units).toBe(1);
    expect(storeOf('openSearchServerless', { ...small, awakeHoursPerMonth: 73 }).perMonth?.usd).toBeCloseTo(
      35.04,
      2,
    );
  });

  it('sizes units by the memory of the graph, and by queries where their rate is known', () => {
    // 1.1 × (4,096 + 128) bytes × 10⁶ = 4.3 GiB: two OCUs with half of 6 GB each, twice, for search and for indexing.
    expect(storeOf('openSearchServerless').units).toBe(8);
    // 3 ACUs with 1.5 GiB of buffer each, twice.
    expect(storeOf('auroraPostgresql').units).toBe(6);
    const busy = { peakQueriesPerSecond: 500, queriesPerSecondPerUnit: 50 };
    expect(storeOf('openSearchServerless', busy).units).toBe(24);
    expect(storeOf('auroraPostgresql', busy).units).toBe(20);
    expect(
      plan({ peakQueriesPerSecond: 500 })
        .assumptions.map(({ value }) => value)
        .join(),
    ).toContain('memory alone');
  });

  it('knows which store holds which type', () => {
    expect(storeOf('s3Vectors', { type: 'int8' })).toMatchObject({
      perMonth: undefined,
      unsuitable: expect.any(String),
    });
    expect(storeOf('auroraPostgresql', { type: 'int8' }).unsuitable).toContain('int8');
    expect(storeOf('openSearchServerless', { type: 'binary' }).units).toBe(2);
  });

  it('adds its parts up', () => {
    for (const { parts, perMonth } of plan({ churnPerMonth: 0.3 }).stores) {
      expect(parts.reduce((sum, { amount }) => sum + (amount?.usd ?? Number.NaN), 0)).toBeCloseTo(
        perMonth!.usd,
        9,
      );
    }
  });

  it('names the cheapest, and where another one becomes so', () => {
    const { cheapest, byQueries } = plan();
    expect(cheapest).toBe('s3Vectors');
    expect(byQueries.length).toBeGreaterThan(0);
    for (const { value, cheaperBelow, cheaperAbove } of byQueries) {
      expect(plan({ queriesPerMonth: value! - 1 }).cheapest).toBe(cheaperBelow);
      expect(plan({ queriesPerMonth: value! }).cheapest).toBe(cheaperAbove);
    }
  });

  it('shows the plane, and both ends of it', () => {
    const { plane } = plan();
    expect(plane).toHaveLength(36);
    expect(
      plane.find(({ vectors, queriesPerMonth }) => vectors === 1e9 && queriesPerMonth === 1e3)?.cheapest,
    ).toBe('s3Vectors');
    expect(
      plane.find(({ vectors, queriesPerMonth }) => vectors === 1e6 && queriesPerMonth === 1e8)?.cheapest,
    ).not.toBe('s3Vectors');
  });

  it('shows what smaller vectors save, and that their recall is unknown until it is measured', () => {
    const measured = { dimensions: 512, type: 'float32', recall: 0.97, source: 'our 500 queries' } as const;
    const { sizes } = plan({ recall: [measured] });
    const half = sizes.find(({ dimensions, type }) => dimensions === 512 && type === 'float32');
    expect(half?.recall).toEqual(measured);
    expect(half?.saved?.usd).toBeGreaterThan(0);
    expect(sizes.find(({ dimensions, type }) => dimensions === 256 && type === 'int8')?.recall).toBe(
      'unknown',
    );
  });

  it('knows no prices of other Regions, and takes yours', () => {
    const elsewhere = plan({ region: 'eu-central-1' });
    expect(elsewhere).toMatchObject({ cheapest: undefined, perMonth: undefined });
    expect(elsewhere.missing).toContain(
      'the price of compute of openSearchServerless (`prices.openSearchServerless`)',
    );
    expect(elsewhere.plane[0]).toMatchObject({ cheapest: undefined });
    const prices = { openSearchServerless: { usdPerOcuHour: '0.339', usdPerGbMonth: '0.026' } };
    const own = plan({ region: 'eu-central-1', prices });
    expect(own.cheapest).toBe('openSearchServerless');
    expect(own.assumptions).toContainEqual({
      what: 'openSearchServerless.usdPerOcuHour',
      value: '$0.339',
      source: 'input',
      certainty: 'given',
    });
  });

  it('marks every price by how sure it is', () => {
    const { assumptions } = plan();
    expect(assumptions.find(({ what }) => what === 's3Vectors.usdPerTbOfFirstVectors')?.certainty).toBe(
      'assumed',
    );
    expect(assumptions.find(({ what }) => what === 's3Vectors.usdPerGbMonth')?.certainty).toBe('third-party');
  });

  it.each<[string, object]>([
    ['vectors', { vectors: 1.5 }],
    ['dimensions', { dimensions: 0 }],
    ['type', { type: 'float8' }],
    ['queriesPerMonth', { queriesPerMonth: undefined }],
    ['awakeHoursPerMonth', { awakeHoursPerMonth: 800 }],
    ['prices.pinecone', { prices: { pinecone: {} } }],
    ['prices.s3Vectors.usdPerGbMonth', { prices: { s3Vectors: { usdPerGbMonth: '-1' } } }],
    ['recall[0].source', { recall: [{ dimensions: 1, type: 'int8', recall: 1 }] }],
  ])('names %s when it is wrong', (option, wrong) => {
    expect(() => plan(wrong)).toThrow(expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION', option }));
  });
});
