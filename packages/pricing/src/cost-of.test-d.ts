import { describe, expectTypeOf, it } from 'vitest';
import { costOf, ratesFor } from './cost-of.js';
import { resolveModel } from './resolve-model.js';
import { resolveModelAsync } from './resolve-model-async.js';
import type { CostBreakdown, Rates, ResolvedModel, Usage } from './types.js';

declare const usage: Usage;

describe('costOf', () => {
  it('refuses mistyped options when compiled', () => {
    // @ts-expect-error: a typo
    costOf(usage, { model: 'us.amazon.nova-lite-v1:0', teir: 'flex' });
    // @ts-expect-error: the API's word is not ours
    costOf(usage, { model: 'us.amazon.nova-lite-v1:0', tier: 'default' });
    // @ts-expect-error: batch is an option of its own
    costOf(usage, { model: 'us.amazon.nova-lite-v1:0', tier: 'batch' });
    // @ts-expect-error: a multiplier is exact text
    costOf(usage, { model: 'us.amazon.nova-lite-v1:0', overrides: [{ model: '*', multiplier: 0.93 }] });
    // @ts-expect-error: counts are disjoint and all are given
    costOf({ input: 1, output: 1 }, { model: 'us.amazon.nova-lite-v1:0' });
  });

  it('takes text or what resolveModel returned', () => {
    expectTypeOf(costOf(usage, { model: 'us.amazon.nova-lite-v1:0' })).toEqualTypeOf<CostBreakdown>();
    expectTypeOf(costOf).parameter(1).toHaveProperty('model').toEqualTypeOf<string | ResolvedModel>();
  });
});

describe('what may not be known', () => {
  it('is undefined, not zero', () => {
    expectTypeOf(ratesFor({ model: 'us.amazon.nova-lite-v1:0' })).toEqualTypeOf<Rates | undefined>();
    expectTypeOf<Rates['cacheRead']>().toEqualTypeOf<number | undefined>();
    expectTypeOf(resolveModel('us.amazon.nova-lite-v1:0')).toEqualTypeOf<ResolvedModel | undefined>();
    expectTypeOf(resolveModelAsync('x', { lookup: {} })).resolves.toEqualTypeOf<ResolvedModel>();
  });
});
