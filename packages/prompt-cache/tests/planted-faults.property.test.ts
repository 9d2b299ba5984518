import { describe, expect, it } from 'vitest';
import { CLAUDE_IDS, converseViolations, NOVA_IDS, REFUSING_IDS } from './cache-point-checker.js';
import { FAULTY_PLANNERS, type Planner, soundPlanner } from './faulty-planners.js';
import { nextTurnProblems, planProblems } from './plan-checker.js';
import { seededRandom, seededRequest, withSeededPoints } from './seeded-requests.js';

const IDS = [...CLAUDE_IDS, ...NOVA_IDS, ...REFUSING_IDS];
const PLANS = process.env['COSTKIT_FUZZ_RUNS'] === undefined ? 2_000 : 100_000;

/** What the checker says of a planner on random requests; stops at the first problem where it is to find one. */
function problemsOf(planner: Planner, requests: number, seed: number): string[] {
  const random = seededRandom(seed);
  for (let request = 0; request < requests; request += 1) {
    const modelId = IDS[Math.floor(random() * IDS.length)] as string;
    const input = withSeededPoints(random, seededRequest(random));
    // What the caller broke stays the caller's.
    if (converseViolations(modelId, input).length > 0) continue;
    const problems = planProblems(modelId, input, planner(modelId, input));
    if (problems.length > 0) return problems;
  }
  return [];
}

describe('planCachePoints', () => {
  it('makes no plan that the checker objects to', () => {
    expect(problemsOf(soundPlanner, PLANS, 1)).toEqual([]);
  });

  it('finds again what the request before wrote, also behind long rounds of tools', () => {
    const random = seededRandom(2);
    let checked = 0;
    for (let request = 0; request < 60; request += 1) {
      const modelId = CLAUDE_IDS[request % CLAUDE_IDS.length] as string;
      const whole = seededRequest(random);
      const messages = whole['messages'] as { role: string }[];
      const ends = messages.flatMap(({ role }, index) => (role === 'user' ? [index + 1] : []));
      const plans = ends.map((end) => soundPlanner(modelId, { ...whole, messages: messages.slice(0, end) }));
      for (const [index, plan] of plans.slice(1).entries()) {
        // The first request of a conversation does not know that it is one.
        if (index === 0) continue;
        expect(nextTurnProblems(modelId, plans[index] as Record<string, unknown>, plan)).toEqual([]);
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(50);
  });
});

describe('planProblems', () => {
  it.each(Object.entries(FAULTY_PLANNERS))('catches a planner with %s', (_, planner) => {
    expect(problemsOf(planner, PLANS, 3)).not.toEqual([]);
  });
});

describe('nextTurnProblems', () => {
  it('catches a planner that marks the last turn only', () => {
    const call = (index: number) => ({ toolUse: { toolUseId: `${index}`, name: 'search', input: {} } });
    const result = (index: number) => ({
      toolResult: { toolUseId: `${index}`, content: [{ text: 'Found.' }] },
    });
    const range = Array.from({ length: 15 }, (_, index) => index);
    const point = { cachePoint: { type: 'default' } };
    const first = { messages: [{ role: 'user', content: [{ text: 'Look.' }, point] }] };
    const second = {
      messages: [
        { role: 'user', content: [{ text: 'Look.' }] },
        { role: 'assistant', content: range.map(call) },
        { role: 'user', content: [...range.map(result), point] },
      ],
    };
    const [modelId = ''] = CLAUDE_IDS;
    expect(nextTurnProblems(modelId, first, second)).toHaveLength(1);
    expect(nextTurnProblems(modelId, first, soundPlanner(modelId, { system: [], ...first }))).toEqual([]);
  });
});
