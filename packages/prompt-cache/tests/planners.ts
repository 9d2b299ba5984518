/**
 * The planner as tests ask it: sound, or with a fault in one of its decisions.
 * @module
 */
import { fileURLToPath } from 'node:url';
import * as core from '@costkit/core';
import * as views from '@costkit/core/views';
import * as pricing from '@costkit/pricing';
import { loadWithFaults, type PlantedFault } from '../../../tools/vitest/planted-fault.js';
import type { ForecastPlace } from '../src/choose-points.js';
import type { Place, Places } from '../src/find-places.js';
import { planCachePoints } from '../src/plan-cache-points.js';
import { planView } from '../src/plan-view.js';
import type { Random } from './seeded-requests.js';

type Json = Record<string, unknown>;

/** What decides about cache points. */
export interface Planner {
  readonly planCachePoints: typeof planCachePoints;
  readonly planView: typeof planView;
}

/** One way to ask a planner. */
export type Asking = (planner: Planner, input: PlannableRequest) => Json;

type PlannableRequest = Json & { readonly modelId: string };

export const soundPlanner: Planner = { planCachePoints, planView };

const SOURCES = fileURLToPath(new URL('../src/', import.meta.url));
const MODULES = {
  '@costkit/core': core,
  '@costkit/core/views': views,
  '@costkit/pricing': pricing,
} as const;

/** The planner with a fault in its sources. */
export const faultyPlanner = (fault: PlantedFault): Promise<Planner> =>
  loadWithFaults<Planner>(SOURCES, ['plan-cache-points.js', 'plan-view.js'], MODULES, [fault]);

const pick = <T>(random: Random, values: readonly T[]): T =>
  values[Math.floor(random() * values.length)] as T;

/**
 * A random way to ask about a request: the pure function with its options, or what the lever does, to whom
 * prefixes come again with any chance and are cached or not.
 */
export function askedSomehow(random: Random): Asking {
  if (random() < 0.5) {
    const ttl = pick(random, ['5m', '1h'] as const);
    const conversation = pick(random, [{}, { conversation: true }, { conversation: false }]);
    return (planner, input) => planner.planCachePoints(input, { ttl, ...conversation }).input;
  }
  const chances = Array.from({ length: 24 }, random);
  return (planner, input) => {
    const view = views.viewRequest('Converse', input);
    let drawn = 0;
    const chance = (): number => {
      drawn += 1;
      return chances[drawn % chances.length] as number;
    };
    const expected = (place: Place): ForecastPlace => {
      // A system prompt that never comes again would rightly get no point, which the checker would miss.
      const least = place.section === 'messages' ? 0 : 0.3;
      const [one, other] = [chance(), chance()].map((drawnOf) => Math.max(least, drawnOf)) as [
        number,
        number,
      ];
      const reuse = { within5m: Math.min(one, other), within1h: Math.max(one, other) };
      return { place, reuse, cached: chance() < 0.3, entry: undefined };
    };
    const plan = planner.planView(view, {
      mode: 'enforce',
      modelId: input.modelId,
      ttl: 'auto',
      rules: {},
      estimate: core.estimatedTokens(view),
      region: undefined,
      priceOverrides: [],
      modelChanged: false,
      withoutPrices: true,
      refused: new Set(),
      forecast: (places) => inPromptOrder(places).map(expected),
    });
    return plan.view.input as Json;
  };
}

function inPromptOrder({ stable, shared, turns }: Places): Place[] {
  const byBlock = new Map([...stable, ...shared, ...turns].map((place) => [place.afterBlock, place]));
  return [...byBlock.values()].sort((one, other) => one.afterBlock - other.afterBlock);
}
