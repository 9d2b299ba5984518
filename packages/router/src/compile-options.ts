import {
  checkOptions,
  InvalidOptionError,
  isAnything,
  isArray,
  isBoolean,
  isFunction,
  isMode,
  isObject,
  isOneOf,
  isText,
  type LeverMode,
  type OptionCheck,
  type ProfileMap,
  systemClock,
} from '@costkit/core';
import type { Scope } from '@costkit/pricing';
import { RoutingPolicyError } from './errors.js';
import { compileWhen } from './match-rule.js';
import { requireOption } from './require-option.js';
import { type ResolvedTier, resolveTiers } from './resolve-tiers.js';
import { parseRoutingPolicy, type RoutingEvidence, type RoutingPolicy } from './routing-policy.js';
import type {
  CascadeCheck,
  CascadeOptions,
  RouterOptions,
  RouterWarning,
  RoutingRule,
  RulePredicate,
} from './types.js';

/** A rule that is ready to be asked. */
interface CompiledRule {
  readonly matches: RulePredicate;
  readonly tier: ResolvedTier;
  readonly reason: string;
  readonly force: boolean;
}

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

/** A cascade that is ready to run. */
export interface CompiledCascade {
  readonly matches: RulePredicate;
  readonly cheap: ResolvedTier;
  /** `undefined`: the model that the caller asked for. */
  readonly strong: ResolvedTier | undefined;
  readonly check: CascadeCheck;
  readonly includeDraft: boolean;
  readonly onBudgetExceeded: NonNullable<CascadeOptions['onBudgetExceeded']>;
}

/** The router's options, checked and looked up once. */
export interface CompiledOptions {
  readonly tiers: readonly ResolvedTier[];
  readonly rules: readonly CompiledRule[];
  readonly policy: CompiledPolicy | undefined;
  readonly cascade: CompiledCascade | undefined;
  readonly allowedScopes: ReadonlySet<Scope>;
  readonly profiles: ProfileMap | undefined;
  readonly fallback: boolean;
  readonly mode: LeverMode;
}

type TierByName = ReadonlyMap<string, ResolvedTier>;

const known = (tiers: TierByName): string => [...tiers.keys()].join(', ');

function tierOption(tiers: TierByName, name: unknown, path: string): ResolvedTier {
  requireOption(path, name, () =>
    tiers.has(name as string) ? undefined : `must name a tier; known are ${known(tiers)}`,
  );
  return tiers.get(name as string) as ResolvedTier;
}

function policyTier(tiers: TierByName, name: string, path: string): ResolvedTier {
  const tier = tiers.get(name);
  if (tier === undefined)
    throw new RoutingPolicyError(path, `"${name}" names no tier; known are ${known(tiers)}`);
  return tier;
}

function compileRule(rule: RoutingRule, tiers: TierByName, path: string): CompiledRule {
  checkOptions<RoutingRule>(
    'router',
    rule,
    { when: isAnything, tier: isText, reason: isText, force: isBoolean },
    `${path}.`,
  );
  return {
    matches: compileWhen(rule.when, `${path}.when`),
    tier: tierOption(tiers, rule.tier, `${path}.tier`),
    reason: rule.reason === undefined ? 'a rule says so' : rule.reason.replace(/\.$/, ''),
    force: rule.force ?? false,
  };
}

function compilePolicy(given: RoutingPolicy, tiers: TierByName): CompiledPolicy {
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

function warnOfPolicy(policy: CompiledPolicy, now: number, warn: (warning: RouterWarning) => void): void {
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

function compileCascade(cascade: CascadeOptions, tiers: TierByName): CompiledCascade {
  checkOptions<CascadeOptions>(
    'router',
    cascade,
    {
      tiers: isArray,
      when: isAnything,
      check: isFunction,
      includeDraft: isBoolean,
      onBudgetExceeded: isOneOf('fail', 'answer-with-draft'),
    },
    'cascade.',
  );
  requireOption('cascade.check', cascade.check, isFunction);
  const [cheapName, strongName, ...more] = cascade.tiers ?? [];
  if (cascade.tiers !== undefined && (strongName === undefined || more.length > 0)) {
    throw new InvalidOptionError('router', 'cascade.tiers', 'must name two tiers: [cheap, strong]');
  }
  const first = tiers.values().next().value as ResolvedTier;
  const cheap = cheapName === undefined ? first : tierOption(tiers, cheapName, 'cascade.tiers[0]');
  const strong = strongName === undefined ? undefined : tierOption(tiers, strongName, 'cascade.tiers[1]');
  if (strong !== undefined && strong.index <= cheap.index) {
    throw new InvalidOptionError('router', 'cascade.tiers', 'must name the cheaper tier first');
  }
  return {
    matches: compileWhen(cascade.when ?? {}, 'cascade.when'),
    cheap,
    strong,
    check: cascade.check,
    includeDraft: cascade.includeDraft ?? false,
    onBudgetExceeded: cascade.onBudgetExceeded ?? 'fail',
  };
}

const isProfiles: OptionCheck = (value) =>
  typeof (value as ProfileMap | null)?.counterpart === 'function'
    ? undefined
    : 'must be what profileMap of @costkit/meter/profiles returns';

const isScopes = (value: unknown): string | undefined =>
  Array.isArray(value) &&
  value.every((scope) => typeof scope === 'string' && /^(global|inRegion|govcloud|geo:[a-z-]+)$/.test(scope))
    ? undefined
    : 'must be a list of scopes: global, inRegion, govcloud or geo:<prefix>';

/**
 * Checks the router's options and looks everything up that does not depend on a call.
 *
 * @throws `InvalidOptionError`, `UnknownModelError`, `ModelEndOfLifeError` and `RoutingPolicyError`.
 */
export function compileOptions(options: RouterOptions): CompiledOptions {
  checkOptions<RouterOptions>('router', options, {
    tiers: isArray,
    policy: isAnything,
    rules: isArray,
    cascade: isObject,
    allowedScopes: isScopes,
    profiles: isProfiles,
    fallback: isBoolean,
    onWarning: isFunction,
    mode: isMode,
    clock: isObject,
  });
  const { clock = systemClock, onWarning } = options;
  const warn = (warning: RouterWarning): void => onWarning?.(warning);
  const tiers = resolveTiers(options.tiers, clock, warn);
  const byName: TierByName = new Map(tiers.map((tier) => [tier.name, tier]));
  const policy = options.policy === undefined ? undefined : compilePolicy(options.policy, byName);
  if (policy !== undefined) warnOfPolicy(policy, clock.now(), warn);
  return {
    tiers,
    rules: (options.rules ?? []).map((rule, index) => compileRule(rule, byName, `rules[${index}]`)),
    policy,
    cascade: options.cascade === undefined ? undefined : compileCascade(options.cascade, byName),
    allowedScopes: new Set(options.allowedScopes),
    profiles: options.profiles,
    fallback: options.fallback ?? true,
    mode: options.mode ?? 'enforce',
  };
}
