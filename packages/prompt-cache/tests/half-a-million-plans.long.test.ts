import { describe, expect, it } from 'vitest';
import { firstProblems } from './fuzz-plans.js';
import { soundPlanner } from './planners.js';

describe('planCachePoints and what the lever plans', () => {
  it('make the first half of a million plans that the checker does not object to', () => {
    expect(firstProblems(soundPlanner, { plans: 500_000, seed: 20_261_128 })).toEqual([]);
  }, 1_800_000);
});
