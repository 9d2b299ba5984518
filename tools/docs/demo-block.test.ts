import { describe, expect, it } from 'vitest';
import { brokenPromises, type DemoResult, fillDemoBlock } from './demo-block.js';

const demo: DemoResult = {
  baselineUsd: 2,
  finalUsd: 0.3,
  savedPercent: 85,
  steps: [
    { name: 'bare', usd: 2, savedPercent: 0, monthUsd: 9000 },
    { name: 'routing', usd: 0.3, savedPercent: 85, monthUsd: 1350 },
  ],
  quality: { baseline: 188, final: 189, questions: 200, bulk: { baseline: 290, final: 291 } },
  receiptsMatchBill: true,
  assumptions: { brevityShareKept: 0.7, brevitySource: 'a hold-out', accuracySource: 'recordings' },
  sensitivity: [],
};

describe('fillDemoBlock', () => {
  const page = 'before\n<!-- demo:begin -->\nold\n<!-- demo:end -->\nafter\n';

  it('writes steps, shares and right answers', () => {
    const filled = fillDemoBlock(page, demo);
    expect(filled).toContain('| routing | $0.30 | 85.0 % less | $1,350 |');
    expect(filled).toContain('**85.0 % less**, with 189 of 200 answers right (bare: 188).');
    expect(filled).not.toContain('old');
  });

  it('leaves the rest of the page alone and gives the same page again', () => {
    const filled = fillDemoBlock(page, demo);
    expect(filled.startsWith('before\n')).toBe(true);
    expect(filled.endsWith('<!-- demo:end -->\nafter\n')).toBe(true);
    expect(fillDemoBlock(filled, demo)).toBe(filled);
  });

  it('refuses a page without markers', () => {
    expect(() => fillDemoBlock('page', demo)).toThrow('demo:begin');
  });
});

describe('brokenPromises', () => {
  it('finds none where receipts match, the saving is reached and quality holds', () => {
    expect(brokenPromises(demo)).toEqual([]);
  });

  it.each([
    [{ ...demo, receiptsMatchBill: false }, 'the receipts do not match the bill'],
    [{ ...demo, savedPercent: 80.9 }, 'the demo saves 80.9 %, less than 81 %'],
    [{ ...demo, quality: { ...demo.quality, final: 187 } }, 'right answers fell from 188 to 187'],
    [
      { ...demo, quality: { ...demo.quality, bulk: { baseline: 290, final: 289 } } },
      'right answers of the night fell from 290 to 289',
    ],
    [
      { ...demo, steps: [...demo.steps, { name: 'batch', usd: 0.3, savedPercent: 85, monthUsd: 1350 }] },
      'batch saves nothing on top of what is before it',
    ],
  ])('finds what is broken', (broken, problem) => {
    expect(brokenPromises(broken)).toEqual([problem]);
  });
});
