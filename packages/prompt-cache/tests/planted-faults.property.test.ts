import { describe, expect, it } from 'vitest';
import { CLAUDE_IDS } from './cache-point-checker.js';
import { FAULTS, FAULTS_BETWEEN_TURNS } from './faults.js';
import { firstProblems } from './fuzz-plans.js';
import { nextTurnProblems } from './plan-checker.js';
import { faultyPlanner, type Planner, soundPlanner } from './planners.js';
import { seededRandom, seededRequest } from './seeded-requests.js';

const PLANS = process.env['COSTKIT_FUZZ_RUNS'] === undefined ? 2_000 : 100_000;

describe('planCachePoints and what the lever plans', () => {
  it('make no plan that the checker objects to', () => {
    expect(firstProblems(soundPlanner, { plans: PLANS, seed: 1 })).toEqual([]);
  });

  it('find again what the request before wrote, also behind long rounds of tools', () => {
    const { checked, problems } = problemsBetweenTurns(soundPlanner);
    expect(problems).toEqual([]);
    expect(checked).toBeGreaterThan(50);
  });
});

describe('planProblems', () => {
  it.each(Object.entries(FAULTS))('catches a planner with this fault: %s', async (_, fault) => {
    const planner = await faultyPlanner(fault);
    expect(firstProblems(planner, { plans: 5_000, seed: 3 })).not.toEqual([]);
  });
});

describe('nextTurnProblems', () => {
  it.each(Object.entries(FAULTS_BETWEEN_TURNS))('catches a planner with this fault: %s', async (_, fault) => {
    expect(problemsBetweenTurns(await faultyPlanner(fault)).problems).not.toEqual([]);
  });
});

/** Plans every request of random conversations, each after the one before. */
function problemsBetweenTurns({ planCachePoints }: Planner): { checked: number; problems: string[] } {
  const random = seededRandom(2);
  const problems: string[] = [];
  let checked = 0;
  for (let request = 0; request < 60; request += 1) {
    const modelId = CLAUDE_IDS[request % CLAUDE_IDS.length] as string;
    const whole = seededRequest(random);
    const messages = whole['messages'] as { role: string }[];
    const ends = messages.flatMap(({ role }, index) => (role === 'user' ? [index + 1] : []));
    const plans = ends.map(
      (end) => planCachePoints({ modelId, ...whole, messages: messages.slice(0, end) }).input,
    );
    for (const [index, plan] of plans.slice(1).entries()) {
      // The first request of a conversation does not know that it is one.
      if (index === 0) continue;
      problems.push(...nextTurnProblems(modelId, plans[index] as Record<string, unknown>, plan));
      checked += 1;
    }
  }
  return { checked, problems };
}
