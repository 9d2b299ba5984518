import { CLAUDE_IDS, converseViolations, NOVA_IDS, REFUSING_IDS } from './cache-point-checker.js';
import { planProblems } from './plan-checker.js';
import { askedSomehow, type Planner } from './planners.js';
import { seededRandom, seededRequest, withSeededPoints } from './seeded-requests.js';

const IDS = [...CLAUDE_IDS, ...NOVA_IDS, ...REFUSING_IDS];
/** Models that each request is planned for: to make one costs as much as to plan it. */
const MODELS_OF_REQUEST = 4;

/** How a planner is tried. */
export interface PlanFuzz {
  readonly plans: number;
  readonly seed: number;
}

/** What the checker says of a planner's first bad plan, with its model; empty when all are good. */
export function firstProblems(planner: Planner, { plans, seed }: PlanFuzz): string[] {
  const random = seededRandom(seed);
  for (let made = 0; made < plans; ) {
    const request = withSeededPoints(random, seededRequest(random));
    for (let model = 0; model < MODELS_OF_REQUEST && made < plans; model += 1) {
      const modelId = IDS[Math.floor(random() * IDS.length)] as string;
      const ask = askedSomehow(random);
      const input = { modelId, ...request };
      // What the caller broke stays the caller's.
      if (converseViolations(modelId, input).length > 0) continue;
      made += 1;
      const problems = planProblems(modelId, input, ask(planner, input));
      if (problems.length > 0) return [...problems, JSON.stringify(input)];
    }
  }
  return [];
}
