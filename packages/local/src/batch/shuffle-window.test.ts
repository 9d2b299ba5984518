import { describe, expect, it } from 'vitest';
import { draw } from '../draw.js';
import { createShuffleWindow } from './shuffle-window.js';

const shuffle = (lines: readonly string[], seed: string): { order: string[]; waiting: number } => {
  let drawn = 0;
  const window = createShuffleWindow(() => draw(seed, String(drawn++)));
  const order: string[] = [];
  let waiting = 0;
  let most = 0;
  for (const line of lines) {
    const leaving = window.push(line);
    waiting += 1 - leaving.length;
    most = Math.max(most, waiting);
    order.push(...leaving);
  }
  return { order: [...order, ...window.flush()], waiting: most };
};

describe('createShuffleWindow', () => {
  it('gives back every line once, in an order that the seed decides', () => {
    const lines = Array.from({ length: 2000 }, (_, index) => `line ${index}`);
    const { order } = shuffle(lines, 'one');
    expect([...order].sort()).toEqual([...lines].sort());
    expect(order).not.toEqual(lines);
    expect(shuffle(lines, 'one').order).toEqual(order);
    expect(shuffle(lines, 'two').order).not.toEqual(order);
  });

  it('holds few lines, and fewer when they are long', () => {
    expect(shuffle(Array.from({ length: 5000 }, String), 's').waiting).toBeLessThanOrEqual(512);
    const long = 'x'.repeat(3 * 1024 * 1024);
    const { order, waiting } = shuffle(
      Array.from({ length: 6 }, () => long),
      's',
    );
    expect(order).toHaveLength(6);
    expect(waiting).toBeLessThanOrEqual(2);
  });
});
