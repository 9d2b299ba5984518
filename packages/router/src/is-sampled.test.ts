import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSampled } from './is-sampled.js';

describe('isSampled', () => {
  it('takes about the share, none at 0 and all at 1, and the same id always the same', () => {
    const ids = Array.from({ length: 4_000 }, () => randomUUID());
    const taken = ids.filter((id) => isSampled(id, 0.25));
    expect(taken.length / ids.length).toBeGreaterThan(0.2);
    expect(taken.length / ids.length).toBeLessThan(0.3);
    expect(taken.every((id) => isSampled(id, 0.25) && isSampled(id, 0.5))).toBe(true);
    expect(ids.some((id) => isSampled(id, 0))).toBe(false);
    expect(ids.every((id) => isSampled(id, 1))).toBe(true);
  });
});
