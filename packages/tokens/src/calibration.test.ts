import { InvalidOptionError } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { createCalibration } from './calibration.js';
import { estimateTokens } from './estimate-tokens.js';
import type { TokenEstimate } from './types.js';

const CLAUDE = 'us.anthropic.claude-opus-5-5';
const PROSE =
  'The warranty covers defects in materials and workmanship for two years from the date of purchase. ';
const CHINESE = '保修期为自购买之日起二十四个月，涵盖材料和工艺缺陷，但不包括正常磨损。';

const request = (text: string): { messages: { content: object[] }[] } => ({
  messages: [{ content: [{ text }] }],
});
const width = ({ low, high }: TokenEstimate): number => high / low;

describe('createCalibration', () => {
  it('learns a tokenizer that is far from what was believed', () => {
    const calibration = createCalibration();
    const actual = (tokens: number): number => Math.round(tokens * 0.7);
    const base = estimateTokens(request(PROSE.repeat(10)), { model: CLAUDE }).tokens;
    for (let call = 0; call < 50; call++) {
      const text = PROSE.repeat(5 + (call % 20));
      const uncalibrated = estimateTokens(request(text), { model: CLAUDE });
      const estimate = estimateTokens(request(text), { model: CLAUDE, calibration });
      calibration.observe(CLAUDE, estimate, actual(uncalibrated.tokens));
    }
    const after = estimateTokens(request(PROSE.repeat(10)), { model: CLAUDE, calibration });
    expect(Math.abs(after.tokens / actual(base) - 1)).toBeLessThan(0.02);
    expect(after.low).toBeLessThan(actual(base));
    expect(after.high).toBeGreaterThan(actual(base));
    expect(calibration.observations(CLAUDE)).toBe(50);
  });

  it('narrows the range with every response', () => {
    const calibration = createCalibration();
    const text = request(PROSE.repeat(30));
    const widths = [1, 5, 20].map((calls) => {
      for (let call = 0; call < calls; call++) {
        const estimate = estimateTokens(text, { model: CLAUDE, calibration });
        calibration.observe(CLAUDE, estimate, 900);
      }
      return width(estimateTokens(text, { model: CLAUDE, calibration }));
    });
    expect(widths[0]).toBeLessThan(width(estimateTokens(text, { model: CLAUDE })));
    expect(widths).toEqual([...widths].sort((one, two) => two - one));
  });

  it('learns nothing about Chinese from English', () => {
    const calibration = createCalibration();
    const before = estimateTokens(CHINESE.repeat(20), { model: CLAUDE });
    for (let call = 0; call < 100; call++) {
      const estimate = estimateTokens(request(PROSE.repeat(10)), { model: CLAUDE, calibration });
      calibration.observe(CLAUDE, estimate, 150);
    }
    const after = estimateTokens(CHINESE.repeat(20), { model: CLAUDE, calibration });
    expect(after.tokens).toBe(before.tokens);
    expect(width(after)).toBeGreaterThan(width(before) * 0.9);
  });

  it('follows a model that changes', () => {
    const calibration = createCalibration();
    const text = request(PROSE.repeat(20));
    const observe = (tokens: number, calls: number): void => {
      for (let call = 0; call < calls; call++) {
        calibration.observe(CLAUDE, estimateTokens(text, { model: CLAUDE, calibration }), tokens);
      }
    };
    observe(500, 500);
    observe(650, 300);
    expect(Math.abs(estimateTokens(text, { model: CLAUDE, calibration }).tokens / 650 - 1)).toBeLessThan(
      0.05,
    );
  });

  it('is not carried away by one wild response', () => {
    const calibration = createCalibration();
    const text = request(PROSE.repeat(20));
    const observe = (tokens: number): void => {
      calibration.observe(CLAUDE, estimateTokens(text, { model: CLAUDE, calibration }), tokens);
    };
    for (let call = 0; call < 50; call++) observe(500);
    const before = estimateTokens(text, { model: CLAUDE, calibration });
    observe(50_000);
    for (let call = 0; call < 50; call++) observe(500);
    const after = estimateTokens(text, { model: CLAUDE, calibration });
    expect(Math.abs(after.tokens / before.tokens - 1)).toBeLessThan(0.1);
    expect(width(after)).toBeLessThan(width(before) * 1.5);
  });

  it('shares what it learned between the profiles of a model, and with no other model', () => {
    const calibration = createCalibration();
    calibration.observe(CLAUDE, estimateTokens(request(PROSE), { model: CLAUDE }), 20);
    expect(calibration.observations('anthropic.claude-opus-5-5')).toBe(1);
    expect(calibration.observations('global.anthropic.claude-opus-5-5')).toBe(1);
    expect(calibration.observations('anthropic.claude-opus-5')).toBe(0);
  });

  it('learns about models that the catalogue does not know', () => {
    const calibration = createCalibration();
    const model = 'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc';
    calibration.observe(model, estimateTokens(request(PROSE), { model }), 20);
    expect(estimateTokens(request(PROSE), { model, calibration }).method).toBe('calibrated');
  });

  it('takes a bare number as words', () => {
    const calibration = createCalibration();
    for (let call = 0; call < 50; call++) calibration.observe(CLAUDE, 1000, 1200);
    expect(estimateTokens(PROSE.repeat(60), { model: CLAUDE, calibration }).tokens).toBeCloseTo(
      estimateTokens(PROSE.repeat(60), { model: 'openai.gpt-oss-20b-1:0' }).tokens * 1.2,
      -2,
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 0, -5])('ignores a count of %d', (tokens) => {
    const calibration = createCalibration();
    calibration.observe(CLAUDE, estimateTokens(request(PROSE), { model: CLAUDE }), tokens);
    expect(calibration.observations(CLAUDE)).toBe(0);
  });

  it('ignores prompts that were not counted as a whole', () => {
    const calibration = createCalibration();
    const video = { messages: [{ content: [{ text: PROSE }, { video: {} }] }] };
    calibration.observe(CLAUDE, estimateTokens(video, { model: CLAUDE }), 5000);
    const media = { ...estimateTokens(request(PROSE), { model: CLAUDE }), mediaTokens: 900 };
    calibration.observe(CLAUDE, media, 1000);
    calibration.observe(CLAUDE, Number.NaN, 1000);
    calibration.observe(CLAUDE, estimateTokens('', { model: CLAUDE }), 10);
    expect(calibration.observations(CLAUDE)).toBe(0);
  });

  it('takes the tokens of pictures off before it learns about text', () => {
    const calibration = createCalibration();
    const estimate = { ...estimateTokens(PROSE.repeat(40), { model: CLAUDE }), mediaTokens: 200 };
    for (let call = 0; call < 50; call++) calibration.observe(CLAUDE, estimate, 900);
    expect(
      Math.abs(estimateTokens(PROSE.repeat(40), { model: CLAUDE, calibration }).tokens / 700 - 1),
    ).toBeLessThan(0.03);
  });

  it('forgets the model that was not used for longest', () => {
    const calibration = createCalibration({ maxModels: 2 });
    const estimate = estimateTokens(PROSE, { model: CLAUDE });
    calibration.observe('first', estimate, 20);
    calibration.observe('second', estimate, 20);
    calibration.observe('first', estimate, 20);
    calibration.observe('third', estimate, 20);
    expect(['first', 'second', 'third'].map((model) => calibration.observations(model))).toEqual([2, 0, 1]);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses maxModels %d', (maxModels) => {
    expect(() => createCalibration({ maxModels })).toThrow(InvalidOptionError);
  });

  it('refuses options that it does not know', () => {
    expect(() => createCalibration({ maxModel: 3 } as object)).toThrow(
      'costkit tokens: option "maxModel" is unknown; known are maxModels, store.',
    );
  });
});
