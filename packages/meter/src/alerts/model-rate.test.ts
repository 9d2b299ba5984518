import { describe, expect, it } from 'vitest';
import { modelRate } from './model-rate.js';

const OPUS = { servedModel: 'anthropic.claude-opus-5-5', scope: 'global' };
const HAIKU = { servedModel: 'anthropic.claude-haiku-5-5', scope: 'global' };

describe('modelRate', () => {
  it('puts the two rates of a model into one figure, per million tokens', () => {
    expect(modelRate()({ servedModel: 'amazon.nova-lite-v1:0', scope: 'geo:us' })).toBeCloseTo(
      0.06 + 0.25 * 0.24,
      9,
    );
  });

  it('goes by the scope of the call', () => {
    const rateOf = modelRate();
    expect((rateOf({ ...OPUS, scope: 'geo:us' }) ?? 0) / (rateOf(OPUS) ?? 1)).toBeCloseTo(1.1, 9);
  });

  it("goes by the user's own prices", () => {
    const listed = modelRate();
    const rateOf = modelRate([
      { model: 'anthropic.claude-opus-*', multiplier: '0.5' },
      { model: HAIKU.servedModel, scope: 'geo:us', usdPerMillion: { input: '1', output: '4' } },
    ]);
    expect((rateOf(OPUS) ?? 0) / (listed(OPUS) ?? 1)).toBeCloseTo(0.5, 9);
    expect(rateOf({ ...HAIKU, scope: 'geo:us' })).toBeCloseTo(2, 9);
    expect(rateOf(HAIKU)).toBe(listed(HAIKU));
    // Asked once more, out of memory.
    expect(rateOf(OPUS)).toBe(rateOf(OPUS));
  });

  it('takes another scope where the price of the call is not known', () => {
    const rateOf = modelRate();
    expect([rateOf(OPUS), rateOf({ ...OPUS, scope: 'geo:us' })]).toContain(
      rateOf({ ...OPUS, scope: 'unknown' }),
    );
  });

  it('takes the last price of a model that is listed no more', () => {
    expect(modelRate()({ servedModel: 'anthropic.claude-opus-4-1-20250805-v1:0', scope: 'geo:us' })).toBe(
      15 + 0.25 * 75,
    );
  });

  it('knows none for a model that is not in the catalogue', () => {
    expect(modelRate()({ servedModel: 'acme.unheard-of', scope: 'global' })).toBeUndefined();
  });
});
