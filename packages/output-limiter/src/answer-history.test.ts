import { describe, expect, it } from 'vitest';
import { createAnswerHistory } from './answer-history.js';

const plain = { heldOut: false, cutBy: undefined } as const;

describe('createAnswerHistory', () => {
  it('knows mean and quantiles of the answers of a task', () => {
    const history = createAnswerHistory();
    for (let tokens = 1; tokens <= 100; tokens += 1) history.add('task', tokens, plain);
    const { limited } = history.get('task');
    expect(limited.count).toBe(100);
    expect(limited.mean).toBe(50.5);
    expect(limited.quantile(0.99)).toBe(99);
    expect(limited.quantile(1)).toBe(100);
    expect(limited.quantile(0.5)).toBe(50);
    expect(limited.meanAbove(90)).toBeCloseTo(0.55);
  });

  it('keeps the hold-out apart', () => {
    const history = createAnswerHistory();
    history.add('task', 10, plain);
    history.add('task', 500, { heldOut: true, cutBy: undefined });
    expect(history.get('task').limited.mean).toBe(10);
    expect(history.get('task').heldOut).toMatchObject({ count: 1, mean: 500 });
  });

  it('takes a cut answer as longer than it was, but does not count tokens that nobody paid', () => {
    const history = createAnswerHistory();
    history.add('task', 100, { heldOut: false, cutBy: 'limiter' });
    expect(history.get('task').limited.quantile(1)).toBe(200);
    expect(history.get('task').limited.mean).toBe(100);
  });

  it('counts what a repair took, until its answer is forgotten', () => {
    const history = createAnswerHistory();
    history.lengthen('task', 50);
    history.add('task', 100, { heldOut: false, cutBy: 'limiter' });
    history.lengthen('task', 50);
    expect(history.get('task').limited).toMatchObject({ count: 1, mean: 150 });
    expect(history.get('task').limited.quantile(1)).toBe(200);
    for (let index = 0; index < 200; index += 1) history.add('task', 10, plain);
    expect(history.get('task').limited.mean).toBe(10);
  });

  it('follows a change: only the latest answers count', () => {
    const history = createAnswerHistory();
    for (let index = 0; index < 300; index += 1) history.add('task', 1_000, plain);
    for (let index = 0; index < 200; index += 1) history.add('task', 10, plain);
    const { limited } = history.get('task');
    expect(limited).toMatchObject({ count: 200, mean: 10 });
    expect(limited.quantile(1)).toBe(10);
  });

  it('has the quantiles of the latest answers, in whatever order these came and went', () => {
    const history = createAnswerHistory();
    const reach: number[] = [];
    for (let index = 0; index < 700; index += 1) {
      const tokens = (index * 7_919) % 977;
      const cutBy = index % 5 === 0 ? 'limiter' : index % 50 === 7 ? 'request' : undefined;
      history.add('task', tokens, { heldOut: false, cutBy });
      reach.push(cutBy === 'limiter' ? tokens * 2 : cutBy === 'request' ? Number.POSITIVE_INFINITY : tokens);
      const ordered = reach.slice(-200).sort((one, other) => one - other);
      for (const share of [0.1, 0.5, 0.97, 0.99, 1]) {
        const expected = ordered[Math.ceil(share * ordered.length) - 1];
        expect(history.get('task').limited.quantile(share)).toBe(expected);
      }
    }
  });

  it('knows nothing of what it has not seen', () => {
    const { limited, heldOut } = createAnswerHistory().get('task');
    expect([limited.count, limited.mean, limited.quantile(0.99), heldOut.meanAbove(5)]).toEqual([0, 0, 0, 0]);
  });

  it('holds a bounded number of tasks and forgets the one seen longest ago', () => {
    const history = createAnswerHistory();
    history.add('old', 1, plain);
    history.add('kept', 1, plain);
    for (let index = 0; index < 999; index += 1) history.add(`task ${index}`, 1, plain);
    expect(history.get('old').limited.count).toBe(0);
    expect(history.get('kept').limited.count).toBe(1);
  });
});
