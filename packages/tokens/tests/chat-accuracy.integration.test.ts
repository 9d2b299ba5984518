import { get_encoding } from 'tiktoken';
import { describe, expect, it } from 'vitest';
import { chatPrompts } from '../scripts/corpus.js';
import { createCalibration, estimateTokens } from '../src/index.js';

// Real prompts lie beside the repository where its maintainers work, and are no part of it.
const prompts = chatPrompts();
const skipped = prompts.length === 0 ? ' (skipped: no prompts in ../shared/data/chat)' : '';
const model = 'openai.gpt-oss-120b-1:0';

describe.skipIf(prompts.length === 0)(`estimateTokens on real prompts${skipped}`, () => {
  const encoding = get_encoding('o200k_base');
  const counted = prompts.map((prompt) => ({
    ...prompt,
    actual: encoding.encode_ordinary(prompt.text).length,
  }));
  encoding.free();

  it.each(['english', 'code', 'cjk', 'otherLanguages'] as const)(
    'has a median error of at most 8 percent on %s',
    (category) => {
      const errors = counted
        .filter((prompt) => prompt.category === category)
        .map(({ text, actual }) => Math.abs(estimateTokens(text, { model }).tokens / actual - 1))
        .sort((one, two) => one - two);
      expect(errors.length).toBeGreaterThan(20);
      expect(errors[errors.length >> 1]).toBeLessThan(0.08);
    },
  );

  it('is within 2 % of all prompts together', () => {
    const actual = counted.reduce((sum, prompt) => sum + prompt.actual, 0);
    const estimated = counted.reduce((sum, prompt) => sum + estimateTokens(prompt.text, { model }).tokens, 0);
    expect(Math.abs(estimated / actual - 1)).toBeLessThan(0.02);
  });

  it('holds every prompt below high, before and after calibration', () => {
    const calibration = createCalibration();
    const outside = counted.filter(({ text, actual }) => {
      const before = estimateTokens(text, { model });
      const after = estimateTokens(text, { model, calibration });
      calibration.observe(model, after, actual);
      return actual > before.high || actual > after.high;
    });
    expect(outside.map(({ text }) => text.length)).toEqual([]);
  });
});
