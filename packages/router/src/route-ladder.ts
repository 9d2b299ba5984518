import type { Call, Ladder, RequestView } from '@costkit/core';
import { chooseTier, type Surroundings } from './choose-tier.js';
import type { CompiledOptions } from './compile-options.js';
import { isStale } from './compile-policy.js';
import { READING } from './request-reading.js';
import type { ResolvedTier } from './resolve-tiers.js';
import { isSameTarget } from './target-model-id.js';

/** The lowest tier a call may go to: what a rule names, else the floor of its task's policy, else none. */
function floorOf(
  { rules }: CompiledOptions,
  { policy: currentPolicy, recognise, rollbacks }: Surroundings,
  view: RequestView,
  call: Call,
): ResolvedTier | undefined {
  const rule = rules.find(({ matches }) => matches(view, call, READING));
  if (rule !== undefined) return rule.tier;
  const policy = currentPolicy();
  const { task } = recognise(call);
  const entry = policy?.tasks.get(task) ?? policy?.fallback;
  if (policy === undefined || entry === undefined || isStale(entry)) return undefined;
  return rollbacks.of(task, policy) === undefined ? entry.floor : undefined;
}

/** Makes the ladder on which a budget may move a call down, as far as rules and policy allow and no further. */
export function routeLadder(options: CompiledOptions, surroundings: Surroundings): Ladder {
  return {
    below: (view, call) => {
      const requested = view.pinned.has('model') ? undefined : call.resolve(view.modelId);
      const floor = requested === undefined ? undefined : floorOf(options, surroundings, view, call);
      if (requested === undefined || floor === undefined) return undefined;
      const current = options.tiers.findIndex((tier) => isSameTarget(tier.resolved, requested));
      const tiers = options.tiers.slice(floor.index, current === -1 ? undefined : current).reverse();
      const chosen = chooseTier({ surroundings, tiers, view, call, requested });
      return 'obstacle' in chosen ? undefined : chosen.view.modelId;
    },
  };
}
