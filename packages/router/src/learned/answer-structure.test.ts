import { describe, expect, it } from 'vitest';
import { answerStructure, finalAnswer, wordOverlap } from './answer-structure.js';

describe('finalAnswer', () => {
  it.each([
    ['{"reasoning": "3 + 4", "answer": "7"}', '7', true],
    ['So it is \\boxed{12}.', '12', true],
    ['3 sprints\n#### 540', '540', true],
    ['First the answer is (A). No, the answer is (B).', 'b', true],
    ['Entailment.\n\nThe agreement says so.', 'entailment', false],
    ['', '', false],
  ])('finds what %j comes down to', (text, answer, named) => {
    expect(finalAnswer(text)).toEqual({ text: answer, named });
  });
});

describe('wordOverlap', () => {
  it.each([
    ['a b', 'b a', 1],
    ['a b', 'a c', 0.5],
    ['a a b', 'a', 0.5],
    ['a', 'b', 0],
    ['', '', 1],
    ['', 'a', 0],
  ])('of %j and %j', (one, other, overlap) => {
    expect(wordOverlap(one, other)).toBe(overlap);
  });
});

describe('answerStructure', () => {
  it('has as many features whatever is known', () => {
    const full = {
      text: 'I am not sure. {"answer": "7"',
      second: '7',
      confidence: 0.5,
      meanLogProbability: -0.2,
      stopReason: 'max_tokens',
    };
    expect(answerStructure(full)).toHaveLength(answerStructure({ text: '' }).length);
    expect(answerStructure(full).every(Number.isFinite)).toBe(true);
    expect(answerStructure({ text: '', second: '' }).every(Number.isFinite)).toBe(true);
  });
});
