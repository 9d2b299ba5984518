import { describe, expect, it } from 'vitest';
import { mediaRulesOf } from './media-rules.js';

const imageTokens = (model: string, width: number, height: number): number =>
  Math.round(mediaRulesOf(model).image?.({ width, height }).factor ?? Number.NaN);

describe('mediaRulesOf', () => {
  // The examples of Anthropic's documentation: size and tokens.
  it.each([
    [200, 200, 53],
    [1000, 1000, 1333],
    [1092, 1092, 1568],
    [4000, 3000, 1568],
  ])('counts a picture of %i × %i for Claude 4.5 as %i tokens', (width, height, tokens) => {
    const counted = imageTokens('anthropic.claude-haiku-4-5-20251001-v1:0', width, height);
    expect(Math.abs(counted - tokens)).toBeLessThanOrEqual(25);
  });

  it('lets newer Claude see more of a large picture', () => {
    expect(imageTokens('us.anthropic.claude-opus-5-5', 4000, 3000)).toBe(4784);
    expect(imageTokens('anthropic.claude-sonnet-4-6', 4000, 3000)).toBe(1568);
  });

  // The table of the Nova user guide.
  it.each([
    [900, 450, 800],
    [900, 900, 1300],
    [1400, 900, 1800],
    [1800, 900, 2400],
    [1300, 1300, 2600],
  ])('counts a picture of %i × %i for Nova as about %i tokens', (width, height, tokens) => {
    expect(Math.abs(imageTokens('amazon.nova-lite-v1:0', width, height) - tokens)).toBeLessThanOrEqual(20);
  });

  it('counts a small picture for Nova as the enlarged one it becomes', () => {
    const image = mediaRulesOf('amazon.nova-lite-v1:0').image?.({ width: 100, height: 50 });
    expect(image?.factor).toBeCloseTo(800, -2);
  });

  it('grows with the picture', () => {
    for (const model of [
      'amazon.nova-pro-v1:0',
      'anthropic.claude-sonnet-4-6',
      'anthropic.claude-opus-5-5',
    ]) {
      let before = 0;
      for (let edge = 100; edge <= 8000; edge += 100) {
        const tokens = imageTokens(model, edge, edge);
        expect(tokens).toBeGreaterThanOrEqual(before);
        before = tokens;
      }
    }
  });

  it('charges every picture alike on Nova 2', () => {
    expect(imageTokens('us.amazon.nova-2-lite-v1:0', 10, 10)).toBe(230);
    expect(imageTokens('us.amazon.nova-2-lite-v1:0', 5000, 5000)).toBe(230);
  });

  it.each(['openai.gpt-oss-120b-1:0', 'meta.llama3-2-90b-instruct-v1:0', 'no.such-model'])(
    'has no rule for %s',
    (model) => {
      expect(mediaRulesOf(model).image).toBeUndefined();
      expect(mediaRulesOf(model).pdfPageAsText).toBeUndefined();
    },
  );
});
