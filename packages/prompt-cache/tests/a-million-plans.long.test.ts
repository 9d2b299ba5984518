import { describe, expect, it } from 'vitest';
import { CLAUDE_IDS, converseViolations, NOVA_IDS, REFUSING_IDS } from './cache-point-checker.js';
import { soundPlanner } from './faulty-planners.js';
import { planProblems } from './plan-checker.js';
import { seededRandom, seededRequest, withSeededPoints } from './seeded-requests.js';

const IDS = [...CLAUDE_IDS, ...NOVA_IDS, ...REFUSING_IDS];
const PLANS = 1_000_000;

describe('planCachePoints', () => {
  it('makes a million plans that the checker does not object to', () => {
    const random = seededRandom(20_261_128);
    for (let plans = 0; plans < PLANS; ) {
      const modelId = IDS[Math.floor(random() * IDS.length)] as string;
      const input = withSeededPoints(random, seededRequest(random));
      // What the caller broke stays the caller's.
      if (converseViolations(modelId, input).length > 0) continue;
      plans += 1;
      const problems = planProblems(modelId, input, soundPlanner(modelId, input));
      if (problems.length > 0) expect(problems, `${modelId} ${JSON.stringify(input)}`).toEqual([]);
    }
  });
});
