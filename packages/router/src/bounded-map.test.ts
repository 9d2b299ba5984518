import { describe, expect, it } from 'vitest';
import { boundedMap } from './bounded-map.js';

describe('boundedMap', () => {
  it('forgets what was used least recently', () => {
    const map = boundedMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    expect(map.get('a')).toBe(1);
    map.set('c', 3);
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3]);
  });

  it('replaces without forgetting another entry', () => {
    const map = boundedMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.set('b', 4);
    expect([map.get('a'), map.get('b')]).toEqual([1, 4]);
  });
});
