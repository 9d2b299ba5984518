import { describe, expect, it } from 'vitest';
import { costOf, ratesFor } from './cost-of.js';
import { InvalidOptionError, UnknownModelError } from './errors.js';
import { resolveModel } from './resolve-model.js';
import type { CostBreakdown, PriceQuery, ResolvedModel, Usage } from './types.js';

const NOTHING: Usage = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheWrite30m: 0,
};
const usage = (used: Partial<Usage>): Usage => ({ ...NOTHING, ...used });
const usdOf = (used: Partial<Usage>, query: PriceQuery): string =>
  costOf(usage(used), query).total.toUsdString();

/** The price of a million tokens of each kind used, as the bill would show it. */
const MILLION = 1_000_000;

describe('costOf', () => {
  // Rates from the AWS price list as the evidence records it; each line is one rule of price selection.
  it.each<[string, Partial<Usage>, PriceQuery, string]>([
    ['a global profile', { input: MILLION }, { model: 'global.anthropic.claude-opus-5-5' }, '4'],
    [
      'a geographic profile costs 10 % more',
      { input: MILLION },
      { model: 'us.anthropic.claude-opus-5-5' },
      '4.4',
    ],
    ['the bare id is the regional rate', { input: MILLION }, { model: 'anthropic.claude-opus-5-5' }, '4.4'],
    ['GovCloud costs 20 % more', { input: MILLION }, { model: 'us-gov.anthropic.claude-opus-5-5' }, '4.8'],
    [
      'a GovCloud Region makes a bare id GovCloud',
      { input: MILLION },
      { model: 'anthropic.claude-opus-5-5', region: 'us-gov-west-1' },
      '4.8',
    ],
    ['cache reads at 0.05 x', { cacheRead: MILLION }, { model: 'global.anthropic.claude-opus-5-5' }, '0.2'],
    [
      'cache reads at 0.025 x',
      { cacheRead: MILLION },
      { model: 'global.anthropic.claude-fable-5-1' },
      '0.25',
    ],
    ['5-minute writes', { cacheWrite5m: MILLION }, { model: 'global.anthropic.claude-opus-5-5' }, '5'],
    ['1-hour writes', { cacheWrite1h: MILLION }, { model: 'global.anthropic.claude-opus-5-5' }, '8'],
    ['30-minute writes', { cacheWrite30m: 100_000 }, { model: 'global.openai.gpt-5.6-luna' }, '0.025'],
    ['output', { output: MILLION }, { model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' }, '5.5'],
    ['batch', { input: MILLION }, { model: 'amazon.nova-lite-v1:0', batch: true }, '0.03'],
    [
      'batch through a profile',
      { input: MILLION },
      { model: 'us.amazon.nova-lite-v1:0', batch: true },
      '0.03',
    ],
    ['batch at 0.75 x', { input: MILLION }, { model: 'mistral.mistral-large-2407-v1:0', batch: true }, '1.5'],
    ['flex', { input: MILLION }, { model: 'us.amazon.nova-pro-v1:0', tier: 'flex' }, '0.4'],
    ['priority', { input: MILLION }, { model: 'us.amazon.nova-pro-v1:0', tier: 'priority' }, '1.4'],
    [
      'latency-optimised',
      { input: MILLION },
      { model: 'us.amazon.nova-pro-v1:0', tier: 'latencyOptimized' },
      '1',
    ],
    [
      "cache reads through the profile of the Region's own geography",
      { cacheRead: MILLION, cacheWrite5m: MILLION },
      { model: 'jp.amazon.nova-2-lite-v1:0', region: 'ap-northeast-1' },
      '0.099',
    ],
    [
      'the source Region of a bare id',
      { input: MILLION },
      { model: 'amazon.nova-pro-v1:0', region: 'eu-south-1' },
      '1.28',
    ],
    [
      'the source Region behind a profile',
      { input: MILLION },
      { model: 'eu.amazon.nova-pro-v1:0', region: 'eu-central-1' },
      '1.05',
    ],
    ['a profile without a Region', { input: MILLION }, { model: 'eu.amazon.nova-pro-v1:0' }, '0.92'],
    [
      'the Region of an ARN',
      { input: MILLION },
      { model: 'arn:aws:bedrock:eu-west-2::foundation-model/amazon.nova-pro-v1:0' },
      '1.13',
    ],
    [
      'the caller knows the Region better than the ARN',
      { input: MILLION },
      { model: 'arn:aws:bedrock:eu-west-2::foundation-model/amazon.nova-pro-v1:0', region: 'us-east-1' },
      '0.8',
    ],
    ['a published zero is a price', { cacheWrite5m: MILLION }, { model: 'us.amazon.nova-lite-v1:0' }, '0'],
  ])('prices %s', (_, used, query, usd) => {
    const cost = costOf(usage(used), query);
    expect(cost.total.toUsdString()).toBe(usd);
    expect(cost).toMatchObject({ complete: true, missing: [] });
  });

  it.each<[string, Partial<Usage>, PriceQuery, string]>([
    ['at the threshold: not yet', { input: 272_000 }, { model: 'global.openai.gpt-5.6-luna' }, '0.0544'],
    [
      'above it: the whole request',
      { input: 272_001, output: 10 },
      { model: 'global.openai.gpt-5.6-luna' },
      '0.1088184',
    ],
    [
      'cache reads and writes count towards it',
      { input: 1, cacheRead: 200_000, cacheWrite30m: 72_000 },
      { model: 'global.openai.gpt-5.6-luna' },
      '0.0440004',
    ],
    [
      'five times above 100,000',
      { input: 100_001 },
      { model: 'global.anthropic.claude-haiku-5-5' },
      '0.0500005',
    ],
    [
      'inclusive at 200,000',
      { input: 200_000 },
      { model: 'us.anthropic.claude-sonnet-4-20250514-v1:0' },
      '1.2',
    ],
    [
      'one token less',
      { input: 199_999 },
      { model: 'us.anthropic.claude-sonnet-4-20250514-v1:0' },
      '0.599997',
    ],
    [
      'none for Sonnet 4.5',
      { input: 300_000 },
      { model: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0' },
      '0.9',
    ],
  ])('prices long context %s', (_, used, query, usd) => {
    expect(usdOf(used, query)).toBe(usd);
  });

  it.each<[string, string, string, string]>([
    ['before a price fell', 'us.openai.gpt-5.6-luna', '2026-07-29', '1.1'],
    ['on the day it fell', 'us.openai.gpt-5.6-luna', '2026-07-30', '0.22'],
    ['after it fell', 'us.openai.gpt-5.6-sol', '2026-11-01', '4.4'],
    ['before it fell on global', 'global.openai.gpt-5.6-sol', '2026-08-20', '5'],
    ['before extended access', 'anthropic.claude-3-5-sonnet-20240620-v1:0', '2025-11-30', '3'],
    ['in extended access', 'anthropic.claude-3-5-sonnet-20240620-v1:0', '2025-12-01', '6'],
  ])('prices at the time of the call: %s', (_, model, day, usd) => {
    expect(usdOf({ input: 100_000 }, { model, at: new Date(day) })).toBe(
      (Number(usd) / 10).toFixed(3).replace(/0+$/, '').replace(/\.$/, ''),
    );
  });

  it('keeps the old price in Regions without extended access', () => {
    const query = { model: 'anthropic.claude-3-5-sonnet-20240620-v1:0', at: new Date('2026-01-01') };
    expect(usdOf({ input: MILLION }, { ...query, region: 'ap-northeast-1' })).toBe('3');
    expect(usdOf({ input: MILLION }, { ...query, region: 'eu-west-1' })).toBe('6');
  });

  it.each<[string, Partial<Usage>, PriceQuery, string[]]>([
    [
      'a tier that is not listed',
      { input: 1 },
      { model: 'us.amazon.nova-lite-v1:0', tier: 'flex' },
      ['input'],
    ],
    [
      'batch where AWS has no SKU',
      { input: 1 },
      { model: 'us.anthropic.claude-opus-4-8', batch: true },
      ['input'],
    ],
    ['cache reads of a model without a cache', { cacheRead: 1 }, { model: 'deepseek.v3.2' }, ['cacheRead']],
    [
      '1-hour writes of a 5-minute model',
      { cacheWrite1h: 1 },
      { model: 'us.amazon.nova-lite-v1:0' },
      ['cacheWrite1h'],
    ],
    [
      'cache reads in a Region whose list has none',
      { input: 1, cacheRead: 1, output: 1 },
      { model: 'amazon.nova-pro-v1:0', region: 'eu-central-1' },
      ['cacheRead'],
    ],
    [
      'batch in a Region with a price of its own',
      { input: 1, output: 1 },
      { model: 'amazon.nova-pro-v1:0', region: 'eu-central-1', batch: true },
      ['input', 'output'],
    ],
    [
      'a Region that no list has',
      { input: 1 },
      { model: 'amazon.nova-pro-v1:0', region: 'af-south-1' },
      ['input'],
    ],
    ['China', { input: 1 }, { model: 'anthropic.claude-opus-5-5', region: 'cn-north-1' }, ['input']],
    ['a geography without a price', { output: 1 }, { model: 'mx.anthropic.claude-opus-5-5' }, ['output']],
    [
      'extended access of unknown height',
      { input: 1 },
      { model: 'us.anthropic.claude-opus-4-1-20250805-v1:0' },
      ['input'],
    ],
    [
      'the time before a price is known',
      { input: 1 },
      { model: 'global.openai.gpt-5.6-luna', at: new Date('2026-07-01') },
      ['input'],
    ],
    ['a model without a price', { input: 1 }, { model: 'anthropic.claude-mythos-5' }, ['input']],
    [
      'a unit that has no price',
      { units: { hologram: 2 } },
      { model: 'amazon.nova-canvas-v1:0' },
      ['hologram'],
    ],
    [
      'output of an embedding',
      { input: 1, output: 1 },
      { model: 'amazon.titan-embed-text-v2:0' },
      ['output'],
    ],
  ])('leaves unknown: %s', (_, used, query, missing) => {
    expect(costOf(usage(used), query)).toMatchObject({ complete: false, missing });
  });

  it('sums what is known as a lower bound', () => {
    const cost = costOf(usage({ input: MILLION, cacheRead: 5 }), {
      model: 'amazon.nova-pro-v1:0',
      region: 'eu-central-1',
    });
    expect(cost.total.toUsdString()).toBe('1.05');
    expect(cost.lines.map(({ kind }) => kind)).toEqual(['input']);
  });

  it('prices what a guardrail charged, whatever pays for the tokens', () => {
    const units = { 'guardrail.contentPolicyUnits': 1_000, 'guardrail.sensitiveInformationPolicyUnits': 500 };
    const model = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
    const guarded = costOf(usage({ input: 1_000, units }), { model });
    expect(guarded.total.minus(costOf(usage({ input: 1_000 }), { model }).total).toUsdString()).toBe('0.2');
    const provisioned = 'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdefghijkl';
    const resolved = { ...resolveModel(model), input: provisioned, billing: 'provisioned' } as ResolvedModel;
    expect(costOf(usage({ input: 1_000, units }), { model: resolved }).total.toUsdString()).toBe('0.2');
    expect(costOf(usage({ units: { 'guardrail.contentPolicyImageUnits': 1 } }), { model }).missing).toEqual([
      'guardrail.contentPolicyImageUnits',
    ]);
  });

  it('prices units that are not tokens', () => {
    const query = { model: 'amazon.nova-canvas-v1:0' };
    expect(usdOf({ units: { imageStandard1024: 3, imagePremium2048: 1 } }, query)).toBe('0.2');
    expect(usdOf({ units: { query: 1_000 } }, { model: 'cohere.rerank-v3-5:0' })).toBe('2');
    expect(usdOf({ input: MILLION, units: { image: 10 } }, { model: 'amazon.titan-embed-image-v1' })).toBe(
      '0.8006',
    );
  });

  it('shows each line with its count, rate and amount', () => {
    const { lines } = costOf(usage({ input: 1_200, output: 300 }), {
      model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    });
    expect(lines.map((line) => ({ ...line, amount: line.amount.toUsdString() }))).toEqual([
      { kind: 'input', count: 1_200, picoUsdPerUnit: 1_100_000, amount: '0.00132' },
      { kind: 'output', count: 300, picoUsdPerUnit: 5_500_000, amount: '0.00165' },
    ]);
  });

  it('stays exact where doubles would not', () => {
    const cost = costOf(usage({ input: 9_007_199_254_740_991 }), {
      model: 'global.anthropic.claude-opus-5-5',
    });
    expect(cost.total.picoUsd).toBe(9_007_199_254_740_991n * 4_000_000n);
  });

  it('says scope, tier, certainty and price version', () => {
    expect(costOf(NOTHING, { model: 'us.amazon.nova-lite-v1:0', batch: true })).toMatchObject({
      scope: 'geo:us',
      tier: 'batch',
      certainty: 'documented',
      priceVersion: expect.stringMatching(/^\d{4}-\d\d-\d\d\+[0-9a-f]{8}$/),
    });
    expect(costOf(NOTHING, { model: 'anthropic.claude-opus-5-5', region: 'us-gov-west-1' }).scope).toBe(
      'govcloud',
    );
    expect(costOf(NOTHING, { model: 'openai.gpt-6-luna' }).certainty).toBe('third-party');
  });

  it('calls rows stale 90 days after the newest source that lists them', () => {
    const query = { model: 'global.anthropic.claude-opus-5-5' };
    expect(costOf(NOTHING, { ...query, at: new Date('2026-11-22') })).not.toHaveProperty('stale');
    expect(costOf(NOTHING, { ...query, at: new Date('2027-03-01') }).stale).toBe(true);
  });

  it.each<[string, Partial<ResolvedModel>, RegExp]>([
    [
      'provisioned throughput',
      { billing: 'provisioned', reference: 'provisioned-model' },
      /paid by the hour/,
    ],
    ['an imported model', { billing: 'imported', reference: 'imported-model' }, /five-minute windows/],
  ])('costs nothing more on %s, and says so', (_, path, note) => {
    const model = { ...(resolveModel('amazon.nova-lite-v1:0') as ResolvedModel), ...path };
    const cost = costOf(usage({ input: 10, output: 10, units: { image: 1 } }), { model });
    expect(cost).toMatchObject({ complete: true, notes: [expect.stringMatching(note)] });
    expect(cost.total.toUsdString()).toBe('0');
    expect(cost.lines).toHaveLength(3);
    expect(ratesFor({ model })).toMatchObject({ input: 0, output: 0 });
  });

  it('costs nothing more on reserved capacity, where the model has it', () => {
    const reserved: PriceQuery = { model: 'us.anthropic.claude-sonnet-4-6', tier: 'reserved' };
    expect(costOf(usage({ input: 10 }), reserved)).toMatchObject({
      complete: true,
      notes: [expect.stringMatching(/Reserved/)],
    });
    expect(costOf(usage({ input: 10 }), { ...reserved, model: 'us.amazon.nova-lite-v1:0' })).toMatchObject({
      complete: false,
    });
  });

  it('never prices at zero what is paid in an unknown way', () => {
    const endpoint: ResolvedModel = {
      ...(resolveModel('amazon.nova-lite-v1:0') as ResolvedModel),
      billing: 'unknown',
    };
    const cost = costOf(usage({ input: 1, units: { image: 1 } }), { model: endpoint });
    expect(cost).toMatchObject({ complete: false, missing: ['input', 'image'] });
    expect(cost).not.toHaveProperty('certainty');
    expect(ratesFor({ model: endpoint })).toBeUndefined();
  });

  it('prices custom model deployments by token', () => {
    const model: ResolvedModel = {
      ...(resolveModel('qwen.qwen3-32b-v1:0') as ResolvedModel),
      scope: 'custom',
    };
    expect(usdOf({ input: MILLION, output: MILLION }, { model })).toBe('0.98');
    const nova: ResolvedModel = {
      ...(resolveModel('amazon.nova-micro-v1:0') as ResolvedModel),
      scope: 'custom',
    };
    expect(costOf(usage({ input: MILLION }), { model: nova })).toMatchObject({
      certainty: 'assumed',
      complete: true,
    });
    const llama: ResolvedModel = {
      ...(resolveModel('meta.llama3-1-8b-instruct-v1:0') as ResolvedModel),
      scope: 'custom',
    };
    expect(costOf(usage({ input: 1 }), { model: llama }).complete).toBe(false);
  });

  it('notes that the fee of a prompt router is not in it', () => {
    const model: ResolvedModel = {
      ...(resolveModel('us.amazon.nova-lite-v1:0') as ResolvedModel),
      reference: 'prompt-router',
    };
    expect(costOf(NOTHING, { model }).notes).toEqual([expect.stringMatching(/router/)]);
  });

  it('refuses mistyped options instead of pricing another call', () => {
    const query = { model: 'us.amazon.nova-lite-v1:0' };
    const refuse = (extra: object, used: object = {}): (() => CostBreakdown) => {
      return () => costOf({ ...NOTHING, ...used } as Usage, { ...query, ...extra } as PriceQuery);
    };
    expect(refuse({ teir: 'flex' })).toThrow(InvalidOptionError);
    expect(refuse({ teir: 'flex' })).toThrow('costkit pricing: option "teir" is unknown.');
    expect(refuse({ tier: 'default' })).toThrow(InvalidOptionError);
    expect(refuse({ tier: 'batch' })).toThrow(/batch is its own option/);
    expect(refuse({ at: new Date('soon') })).toThrow('option "at" is no valid Date');
    expect(refuse({ at: '2026-11-22' })).toThrow(InvalidOptionError);
    expect(refuse({ overrides: { model: '*', multiplier: '0.9' } })).toThrow(
      'option "overrides" is no array',
    );
    expect(refuse({}, { cacheReads: 5 })).toThrow('option "usage.cacheReads" is unknown');
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, undefined])(
    'refuses %s as a count',
    (count) => {
      const bad = { ...NOTHING, output: count } as Usage;
      expect(() => costOf(bad, { model: 'us.amazon.nova-lite-v1:0' })).toThrow(RangeError);
      const units = usage({ units: { image: count as number } });
      expect(() => costOf(units, { model: 'amazon.titan-embed-image-v1' })).toThrow(RangeError);
    },
  );

  it('throws a coded error for a model that nobody knows', () => {
    expect(() => costOf(NOTHING, { model: 'acme.super-1' })).toThrow(UnknownModelError);
    expect(() => costOf(NOTHING, { model: 'acme.super-1' })).toThrow(
      /names no known model\. Pass a foundation-model id/,
    );
  });
});

describe('ratesFor', () => {
  it('gives the rates of the bracket that a prompt falls in', () => {
    const query = { model: 'global.openai.gpt-5.6-luna' };
    expect(ratesFor(query)).toEqual({
      input: 200_000,
      output: 1_200_000,
      cacheRead: 20_000,
      cacheWrite30m: 250_000,
    });
    expect(ratesFor(query, 300_000)?.input).toBe(400_000);
  });

  it('is undefined where nothing is known', () => {
    expect(ratesFor({ model: 'anthropic.claude-mythos-5' })).toBeUndefined();
    expect(ratesFor({ model: 'us.amazon.nova-lite-v1:0', tier: 'flex' })).toBeUndefined();
    expect(ratesFor({ model: 'amazon.nova-canvas-v1:0' })).toBeUndefined();
  });

  it('refuses mistyped options', () => {
    expect(() => ratesFor({ model: 'us.amazon.nova-lite-v1:0', Region: 'us-east-1' } as PriceQuery)).toThrow(
      InvalidOptionError,
    );
  });
});
