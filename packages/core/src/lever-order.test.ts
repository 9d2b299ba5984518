import { describe, expect, it } from 'vitest';
import type { Lever } from './lever.js';
import { leverPosition } from './lever-order.js';

const lever = (name: string): Lever => ({ name, slot: 'fit', mode: 'enforce' });

describe('leverPosition', () => {
  it('plans the cache before caps stand behind its last point, and reserves last of all', () => {
    const names = ['budget', 'output-limiter', 'prompt-cache'];
    const sorted = names.map(lever).sort((one, other) => leverPosition(one) - leverPosition(other));
    expect(sorted.map(({ name }) => name)).toEqual(['prompt-cache', 'output-limiter', 'budget']);
  });

  it('lets levers of others follow, in the order in which they were applied', () => {
    const sorted = ['theirs', 'also-theirs', 'meter']
      .map(lever)
      .sort((one, other) => leverPosition(one) - leverPosition(other));
    expect(sorted.map(({ name }) => name)).toEqual(['meter', 'theirs', 'also-theirs']);
  });
});
