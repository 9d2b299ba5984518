import { RoutingPolicyError } from './errors.js';
import type { ResolvedTier } from './resolve-tiers.js';
import { parseRoutingPolicy, type RoutingEvidence } from './routing-policy.js';
import type { RouterWarning } from './types.js';

/** Tiers by their names. */
export type TierByName = ReadonlyMap<string, ResolvedTier>;

/** Where a policy sends one task. */
export interface CompiledTask {
  readonly tier: ResolvedTier;
  readonly floor: ResolvedTier;
  readonly evidence: RoutingEvidence | undefined;
}

/** A policy whose tiers exist. */
export interface CompiledPolicy {
  readonly createdAt: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly tasks: ReadonlyMap<string, CompiledTask>;
  readonly fallback: CompiledTask | undefined;
}

/** For messages. */
export const tierNames = (tiers: TierByName): string => [...tiers.keys()].join(', ');

function policyTier(tiers: TierByName, name: string, path: string): ResolvedTier {
  const tier = tiers.get(name);
  if (tier === undefined)
    throw new RoutingPolicyError(path, `"${name}" names no tier; known are ${tierNames(tiers)}`);
  return tier;
}

/** @throws {@link RoutingPolicyError} */
export function compilePolicy(given: unknown, tiers: TierByName): CompiledPolicy {
  const policy = parseRoutingPolicy(given);
  const tasks = new Map<string, CompiledTask>();
  for (const [task, { tier: name, floor: floorName, evidence }] of Object.entries(policy.tasks)) {
    const tier = policyTier(tiers, name, `tasks.${task}.tier`);
    const floor = floorName === undefined ? tier : policyTier(tiers, floorName, `tasks.${task}.floor`);
    if (floor.index > tier.index) {
      throw new RoutingPolicyError(
        `tasks.${task}.floor`,
        `"${floor.name}" stands above the task's tier "${tier.name}"`,
      );
    }
    tasks.set(task, { tier, floor, evidence });
  }
  const tier = policy.default === undefined ? undefined : policyTier(tiers, policy.default, 'default');
  return {
    createdAt: policy.createdAt.slice(0, 10),
    expiresAt: policy.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(policy.expiresAt),
    tasks,
    fallback: tier === undefined ? undefined : { tier, floor: tier, evidence: undefined },
  };
}

/** Whether evidence is about another model than the tier has now. */
export function isStale({ evidence, tier }: CompiledTask): boolean {
  return evidence !== undefined && evidence.model !== tier.resolved.model.id;
}

/** Says what is expired or stale. */
export function warnOfPolicy(
  policy: CompiledPolicy,
  now: number,
  warn: (warning: RouterWarning) => void,
): void {
  const about = (what: string): string =>
    `costkit router: the routing policy of ${policy.createdAt} ${what}. Evaluate again.`;
  if (policy.expiresAt <= now)
    warn({ code: 'COSTKIT_POLICY_EXPIRED', message: about('has expired and is used as it is') });
  for (const [task, entry] of policy.tasks) {
    if (!isStale(entry)) continue;
    const what = `has evidence for task "${task}" about ${entry.evidence?.model}, which tier "${entry.tier.name}" no longer has`;
    warn({ code: 'COSTKIT_POLICY_STALE', message: about(what) });
  }
}
