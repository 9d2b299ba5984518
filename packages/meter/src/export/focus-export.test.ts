import { type Attempt, InvalidOptionError, Money, type Receipt } from '@costkit/core';
import { costOf, type PriceOverride } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { aReceipt } from '../../tests/a-receipt.js';
import { focusProblems } from '../../tests/focus-rules.js';
import { csvRows } from '../../tests/parse-csv.js';
import type { FocusRow } from './focus-columns.js';
import { type FocusExportOptions, focusCsv, focusExport, TooManyRowsError } from './focus-export.js';

const HAIKU = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const PROFILE = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdef123456';
const ACCOUNT = { billingAccountId: '123456789012' };
const USAGE = {
  input: 1_234,
  output: 56,
  cacheRead: 7_000,
  cacheWrite5m: 0,
  cacheWrite1h: 800,
  cacheWrite30m: 0,
};
const NO_USAGE = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite30m: 0 };

/** An attempt whose cost is the catalogue's, unless given. */
function anAttempt(fields: Partial<Attempt> = {}, overrides: readonly PriceOverride[] = []): Attempt {
  const usage = fields.usage ?? USAGE;
  const startedAt = new Date('2026-11-22T10:15:00Z');
  const { total } = costOf(usage, { model: `us.${HAIKU}`, region: 'us-east-1', at: startedAt, overrides });
  return {
    purpose: 'answer',
    modelId: `us.${HAIKU}`,
    servedModel: HAIKU,
    scope: 'geo:us',
    region: 'us-east-1',
    mode: 'standard',
    startedAt,
    latencyMs: 10,
    usage,
    cost: total,
    quality: 'measured',
    complete: true,
    ...fields,
  };
}

const receiptOf = (attempts: Attempt[], fields: Partial<Receipt> = {}): Receipt =>
  aReceipt({ attempts, ...fields });

async function exported(receipts: Receipt[], options: Partial<FocusExportOptions> = {}) {
  const dataset = await focusExport(receipts, { ...ACCOUNT, ...options });
  expect(dataset.rows.flatMap(focusProblems)).toEqual([]);
  return dataset;
}
const sumOf = (rows: readonly FocusRow[], column: 'BilledCost' | 'ListCost' = 'BilledCost'): bigint =>
  Money.sum(rows.map((row) => Money.fromUsd(row[column] ?? '0'))).picoUsd;

describe('focusExport', () => {
  it('has a row for each kind of token, with its unit price', async () => {
    const { rows, unpricedRows, unitemisedRows } = await exported([receiptOf([anAttempt()])]);
    expect([unpricedRows, unitemisedRows]).toEqual([0, 0]);
    expect(
      rows.map((row) => [row.SkuMeter, row.ConsumedQuantity, row.PricingQuantity, row.ListUnitPrice]),
    ).toEqual([
      ['Input Tokens', '1234', '0.001234', '1.1'],
      ['Output Tokens', '56', '0.000056', '5.5'],
      ['Cache Read Tokens', '7000', '0.007', '0.11'],
      ['Cache Write Tokens (1 Hour)', '800', '0.0008', '2.2'],
    ]);
    expect(sumOf(rows)).toBe(anAttempt().cost?.picoUsd);
    expect(rows[0]).toEqual({
      BilledCost: '0.0013574',
      BillingAccountId: '123456789012',
      BillingAccountName: null,
      BillingCurrency: 'USD',
      BillingPeriodEnd: '2026-12-01T00:00:00Z',
      BillingPeriodStart: '2026-11-01T00:00:00Z',
      ChargeCategory: 'Usage',
      ChargeClass: null,
      ChargeDescription: `${HAIKU}: Input Tokens, geo:us, standard`,
      ChargeFrequency: 'Usage-Based',
      ChargePeriodEnd: '2026-11-23T00:00:00Z',
      ChargePeriodStart: '2026-11-22T00:00:00Z',
      ConsumedQuantity: '1234',
      ConsumedUnit: 'Tokens',
      ContractedCost: '0.0013574',
      ContractedUnitPrice: '1.1',
      EffectiveCost: '0.0013574',
      InvoiceId: null,
      InvoiceIssuerName: 'Amazon Web Services, Inc.',
      ListCost: '0.0013574',
      ListUnitPrice: '1.1',
      PricingCategory: 'Standard',
      PricingQuantity: '0.001234',
      PricingUnit: '1000000 Tokens',
      ProviderName: 'AWS',
      PublisherName: 'Anthropic',
      RegionId: 'us-east-1',
      RegionName: 'US East (N. Virginia)',
      ResourceId: null,
      ResourceName: null,
      ResourceType: null,
      ServiceCategory: 'AI and Machine Learning',
      ServiceName: 'Amazon Bedrock',
      ServiceSubcategory: 'Generative AI',
      SkuId: `${HAIKU}/input`,
      SkuMeter: 'Input Tokens',
      SkuPriceDetails: `{"x_Model":"${HAIKU}","x_Scope":"geo:us","x_Mode":"standard"}`,
      SkuPriceId: `${HAIKU}/input/geo:us/standard/us-east-1`,
      SubAccountId: null,
      SubAccountName: null,
      Tags: '{"feature":"chat"}',
      x_Attempts: '1',
      x_EstimatedCost: '0',
      x_PriceKnown: 'true',
    });
  });

  it('sums what agrees, and keeps days, tags, models, modes and prices apart', async () => {
    const usage = { ...NO_USAGE, input: 1_000 };
    const attempt = (fields: Partial<Attempt> = {}): Attempt => anAttempt({ usage, ...fields });
    const receipts = [
      receiptOf([attempt(), attempt({ purpose: 'draft', quality: 'estimated' })]),
      receiptOf([attempt()], { tags: { feature: 'search' } }),
      receiptOf([attempt({ startedAt: new Date('2026-11-30T23:59:59Z') })]),
      receiptOf([attempt({ modelId: PROFILE })]),
    ];
    const { rows } = await exported(receipts);
    expect(rows.map((row) => [row.ChargePeriodStart, row.Tags, row.ResourceId, row.x_Attempts])).toEqual([
      ['2026-11-22T00:00:00Z', '{"feature":"chat"}', null, '2'],
      ['2026-11-22T00:00:00Z', '{"feature":"search"}', null, '1'],
      ['2026-11-22T00:00:00Z', '{"feature":"chat"}', PROFILE, '1'],
      ['2026-11-30T00:00:00Z', '{"feature":"chat"}', null, '1'],
    ]);
    expect(rows[0]).toMatchObject({
      ConsumedQuantity: '2000',
      BilledCost: '0.0022',
      x_EstimatedCost: '0.0011',
    });
    const hourly = await exported(receipts, { chargePeriod: 'hour' });
    expect(hourly.rows.at(-1)).toMatchObject({
      ChargePeriodStart: '2026-11-30T23:00:00Z',
      ChargePeriodEnd: '2026-12-01T00:00:00Z',
      BillingPeriodEnd: '2026-12-01T00:00:00Z',
    });
  });

  it('leaves unknown costs empty and says how many rows have none', async () => {
    const unknown = anAttempt({ servedModel: 'acme.unheard-of', cost: undefined });
    const unreadable = anAttempt({ cost: undefined, usage: NO_USAGE, region: 'unknown' });
    const { rows, unpricedRows } = await exported([receiptOf([unknown, unreadable])]);
    expect(unpricedRows).toBe(rows.length);
    expect(
      rows.map((row) => [row.ConsumedQuantity, row.ConsumedUnit, row.BilledCost, row.x_PriceKnown]),
    ).toEqual([
      ['1234', 'Tokens', null, 'false'],
      ['56', 'Tokens', null, 'false'],
      ['7000', 'Tokens', null, 'false'],
      ['800', 'Tokens', null, 'false'],
      ['1', 'Requests', null, 'false'],
    ]);
    expect(rows.at(-1)).toMatchObject({ RegionId: null, RegionName: null });
    expect(rows[0]).toMatchObject({ PublisherName: 'Acme' });
  });

  it('shows list and negotiated prices beside each other', async () => {
    const overrides = [{ model: HAIKU, multiplier: '0.5' }];
    const { rows } = await exported([receiptOf([anAttempt({}, overrides)])], { priceOverrides: overrides });
    expect(rows[0]).toMatchObject({ ListUnitPrice: '1.1', ContractedUnitPrice: '0.55' });
    expect(sumOf(rows, 'ListCost')).toBe(2n * sumOf(rows));
  });

  it('keeps the cost of the receipt where the catalogue does not arrive at it, and says so', async () => {
    const cost = Money.fromUsd('0.123456789012');
    const { rows, unitemisedRows } = await exported([receiptOf([anAttempt({ cost })])]);
    expect(unitemisedRows).toBe(1);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      BilledCost: '0.123456789012',
      ContractedUnitPrice: null,
      ListCost: '0.123456789012',
      ConsumedQuantity: '9090',
      SkuMeter: 'Tokens of All Kinds',
    });
  });

  it('has no row for what cost and used nothing, and rows at $0 for provisioned throughput', async () => {
    const failed = anAttempt({ usage: NO_USAGE, cost: Money.zero, error: 'ThrottlingException' });
    expect((await exported([receiptOf([failed]), receiptOf([])])).rows).toEqual([]);
    const provisioned = anAttempt({ mode: 'provisioned', cost: Money.zero });
    const { rows, unitemisedRows } = await exported([receiptOf([provisioned])]);
    expect(unitemisedRows).toBe(0);
    expect(rows[0]).toMatchObject({ BilledCost: '0', ContractedUnitPrice: '0', PricingCategory: 'Other' });
  });

  it('counts units that are not tokens', async () => {
    const model = 'stability.stable-image-core-v1:1';
    const usage = { ...NO_USAGE, units: { image: 3 } };
    const cost = costOf(usage, { model, region: 'us-west-2' });
    const attempt = anAttempt({
      servedModel: model,
      modelId: model,
      scope: cost.scope,
      region: 'us-west-2',
      usage,
      cost: cost.total,
    });
    const { rows } = await exported([receiptOf([attempt])]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      SkuMeter: 'Image',
      ConsumedQuantity: '3',
      PricingQuantity: '3',
      PricingUnit: 'Units',
      PublisherName: 'Stability AI',
    });
  });

  it('exports the tags that are named', async () => {
    const { rows } = await exported([receiptOf([anAttempt()], { tags: { b: '2', a: '1', user: 'u' } })], {
      tagNames: ['a', 'b'],
    });
    expect(rows[0]?.Tags).toBe('{"a":"1","b":"2"}');
    expect((await exported([receiptOf([anAttempt()])], { tagNames: [] })).rows[0]?.Tags).toBeNull();
  });

  it('refuses to put rows together when there are too many', async () => {
    const receipts = Array.from({ length: 3 }, (_, index) =>
      receiptOf([anAttempt()], { tags: { id: `${index}` } }),
    );
    await expect(focusExport(receipts, { ...ACCOUNT, maxRows: 10 })).rejects.toThrow(TooManyRowsError);
  });

  it.each([
    {},
    { billingAccountId: '' },
    { ...ACCOUNT, chargePeriod: 'week' },
    { ...ACCOUNT, tagNames: 'a' },
    { ...ACCOUNT, maxRows: 0 },
    { ...ACCOUNT, priceOverrides: [{ model: HAIKU, multiplier: 'half' }] },
    { ...ACCOUNT, account: 'x' },
  ])('refuses %o', async (options) => {
    await expect(focusExport([], options as never)).rejects.toThrow(InvalidOptionError);
  });
});

describe('focusCsv', () => {
  it('quotes what must be, guards formulas, and leaves null empty', async () => {
    const { rows } = await exported([receiptOf([anAttempt()], { tags: { note: 'a "b", c' } })], {
      billingAccountName: '=1+1',
    });
    const text = [...focusCsv(rows)].join('');
    const [first] = csvRows(text);
    expect(first).toMatchObject({
      BillingAccountName: "'=1+1",
      SubAccountId: '',
      Tags: JSON.stringify({ note: 'a "b", c' }),
    });
    expect(text.split('\r\n')[0]).toBe(
      Object.keys(rows[0] as FocusRow)
        .sort(byFocusOrder)
        .join(','),
    );
  });
});

/** FOCUS columns in the order of the alphabet, our own behind them. */
function byFocusOrder(one: string, other: string): number {
  const isOurs = (name: string): boolean => name.startsWith('x_');
  return Number(isOurs(one)) - Number(isOurs(other)) || (one < other ? -1 : 1);
}
