import { describe, expect, it } from 'vitest';
import { createTokenScale, UNKNOWN_FACTOR } from './token-scale.js';

describe('createTokenScale', () => {
  it('takes the estimate as it is, with wide bounds, until a model has answered five times', () => {
    const scale = createTokenScale();
    for (let answer = 0; answer < 4; answer++) scale.learn('one', 1000, 1500);
    expect(scale.of('one')).toBe(UNKNOWN_FACTOR);
    scale.learn('one', 1000, 1500);
    expect(scale.of('one').factor).toBeCloseTo(1.5, 9);
    expect(scale.of('two')).toBe(UNKNOWN_FACTOR);
  });

  it('narrows the bounds where answers agree, and widens them where they do not', () => {
    const [steady, wild] = [createTokenScale(), createTokenScale()];
    for (let answer = 0; answer < 60; answer++) {
      steady.learn('one', 1000, 1180 + (answer % 2) * 40);
      wild.learn('one', 1000, 900 + (answer % 2) * 600);
    }
    const one = steady.of('one');
    expect(one.factor).toBeCloseTo(1.2, 1);
    expect([one.low < 1.18, one.high > 1.22, one.high - one.low < 0.3]).toEqual([true, true, true]);
    const other = wild.of('one');
    expect([other.low < 0.9, other.high > 1.5]).toEqual([true, true]);
  });

  it('follows a model whose count changes', () => {
    const scale = createTokenScale();
    for (let answer = 0; answer < 50; answer++) scale.learn('one', 1000, 1000);
    for (let answer = 0; answer < 100; answer++) scale.learn('one', 1000, 1400);
    expect(scale.of('one').factor).toBeCloseTo(1.4, 1);
  });

  it('learns nothing from short prompts and from answers without usage', () => {
    const scale = createTokenScale();
    for (let answer = 0; answer < 10; answer++) {
      scale.learn('one', 20, 400);
      scale.learn('one', 1000, 0);
    }
    expect(scale.of('one')).toBe(UNKNOWN_FACTOR);
  });

  it('stays small', () => {
    const scale = createTokenScale();
    for (let model = 0; model < 150; model++)
      for (let answer = 0; answer < 5; answer++) scale.learn(`model ${model}`, 1000, 1500);
    expect(scale.of('model 0')).toBe(UNKNOWN_FACTOR);
    expect(scale.of('model 149').factor).toBeCloseTo(1.5, 9);
  });
});
