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
  isPositiveInteger,
  isShare,
  isText,
  type LeverMode,
  type OptionCheck,
  type ProfileMap,
  type Store,
  systemClock,
} from '@costkit/core';
import type { Scope } from '@costkit/pricing';
import type { CascadeCheck } from './cascade-check.js';
import {
  type CompiledPolicy,
  compilePolicy,
  type TierByName,
  tierNames,
  warnOfPolicy,
} from './compile-policy.js';
import type { RouterModel } from './learned/types.js';
import { type CompiledWhen, compileWhen } from './match-rule.js';
import { requireOption } from './require-option.js';
import { type ResolvedTier, resolveTiers } from './resolve-tiers.js';
import type { ShadowOptions } from './shadow-options.js';
import type {
  CascadeOptions,
  FlexOptions,
  LearnedRoutingOptions,
  PolicySource,
  RouterOptions,
  RouterWarning,
  RoutingRule,
} from './types.js';

/** A rule that is ready to be asked. */
interface CompiledRule {
  readonly matches: CompiledWhen;
  readonly tier: ResolvedTier;
  readonly reason: string;
  readonly force: boolean;
}

/** A cascade that is ready to run. */
export interface CompiledCascade {
  readonly matches: CompiledWhen;
  readonly cheap: ResolvedTier;
  /** `undefined`: the model that the caller asked for. */
  readonly strong: ResolvedTier | undefined;
  readonly check: CascadeCheck;
  readonly includeDraft: boolean;
  readonly onBudgetExceeded: NonNullable<CascadeOptions['onBudgetExceeded']>;
  readonly stream: NonNullable<CascadeOptions['stream']>;
  readonly firstPartCharacters: number;
  readonly stopWhenLosing: boolean;
  readonly escalationShare: CascadeOptions['escalationShare'];
}

/** A learned model whose tiers exist. */
export interface CompiledLearned {
  readonly matches: CompiledWhen;
  readonly model: RouterModel;
  /** Takes the place of the model's own. */
  readonly threshold: number | undefined;
  readonly cheap: ResolvedTier;
}

/** The router's options, checked and looked up once. */
export interface CompiledOptions {
  readonly tiers: readonly ResolvedTier[];
  readonly rules: readonly CompiledRule[];
  /** What was given when the router was built. */
  readonly policy: CompiledPolicy | undefined;
  readonly policySource: PolicySource | undefined;
  readonly policyRefreshMs: number;
  readonly systemPrompts: Readonly<Record<string, string>>;
  readonly learned: CompiledLearned | undefined;
  /** Whether a request can wait. */
  readonly canWait: CompiledWhen | undefined;
  readonly failover: readonly ResolvedTier[];
  readonly shadow: ShadowOptions | undefined;
  readonly warn: (warning: RouterWarning) => void;
  readonly cascade: CompiledCascade | undefined;
  readonly allowedScopes: ReadonlySet<Scope>;
  readonly profiles: ProfileMap | undefined;
  readonly fallback: boolean;
  readonly store: Store | undefined;
  readonly storeKey: string;
  readonly mode: LeverMode;
}

function tierOption(tiers: TierByName, name: unknown, path: string): ResolvedTier {
  requireOption(path, name, () =>
    tiers.has(name as string) ? undefined : `must name a tier; known are ${tierNames(tiers)}`,
  );
  return tiers.get(name as string) as ResolvedTier;
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

const isShares: OptionCheck = (value) =>
  typeof value === 'number'
    ? isShare(value)
    : (isObject(value) ??
      Object.values(value as object)
        .map(isShare)
        .find((wrong) => wrong !== undefined));

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
      stream: isOneOf('buffer', 'first-part', 'never'),
      firstPartCharacters: isPositiveInteger,
      stopWhenLosing: isBoolean,
      escalationShare: isShares,
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
    stream: cascade.stream ?? 'buffer',
    firstPartCharacters: cascade.firstPartCharacters ?? 200,
    stopWhenLosing: cascade.stopWhenLosing ?? true,
    escalationShare: cascade.escalationShare,
  };
}

const isModel: OptionCheck = (value) =>
  typeof (value as RouterModel | null)?.assess === 'function'
    ? undefined
    : 'must be what trainRouter returns';

function compileLearned(learned: LearnedRoutingOptions, tiers: TierByName): CompiledLearned {
  checkOptions<LearnedRoutingOptions>(
    'router',
    learned,
    { model: isModel, when: isAnything, threshold: isShare },
    'learned.',
  );
  const { model } = learned;
  requireOption('learned.model', model, isModel);
  requireOption('learned.threshold', learned.threshold ?? model.threshold, (value) =>
    value === undefined ? 'is missing, and the model has no target' : undefined,
  );
  tierOption(tiers, model.provenance.strong, 'learned.model.provenance.strong');
  return {
    matches: compileWhen(learned.when ?? {}, 'learned.when'),
    model,
    threshold: learned.threshold,
    cheap: tierOption(tiers, model.provenance.cheap, 'learned.model.provenance.cheap'),
  };
}

function compileFlex(flex: FlexOptions): CompiledWhen {
  checkOptions<FlexOptions>('router', flex, { when: isAnything }, 'flex.');
  return compileWhen(flex.when, 'flex.when');
}

function checkShadow(shadow: ShadowOptions): ShadowOptions {
  const required = { client: isObject, share: isShare, loss: isFunction };
  const optional = { maxLoss: isShare, pairsPerFalseAlarm: isPositiveInteger, onPair: isFunction };
  checkOptions<ShadowOptions>('router', shadow, { ...required, ...optional }, 'shadow.');
  for (const [name, check] of Object.entries(required)) {
    requireOption(`shadow.${name}`, shadow[name as keyof typeof required], check);
  }
  return shadow;
}

const isPrompts: OptionCheck = (value) =>
  isObject(value) ??
  (Object.values(value as object).every((text) => typeof text === 'string' && text !== '')
    ? undefined
    : 'must hold a text for each task');

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
    policyRefreshMs: isPositiveInteger,
    rules: isArray,
    learned: isObject,
    cascade: isObject,
    systemPrompts: isPrompts,
    flex: isObject,
    failover: isArray,
    shadow: isObject,
    allowedScopes: isScopes,
    profiles: isProfiles,
    fallback: isBoolean,
    store: isObject,
    storeKey: isText,
    onWarning: isFunction,
    mode: isMode,
    clock: isObject,
  });
  const { clock = systemClock, onWarning } = options;
  const warn = (warning: RouterWarning): void => onWarning?.(warning);
  const tiers = resolveTiers(options.tiers, clock, warn);
  const byName: TierByName = new Map(tiers.map((tier) => [tier.name, tier]));
  const { policy: given, learned, cascade, flex, shadow } = options;
  const policySource = typeof given === 'function' ? given : undefined;
  const policy = typeof given === 'object' ? compilePolicy(given, byName) : undefined;
  if (policy !== undefined) warnOfPolicy(policy, clock.now(), warn);
  return {
    tiers,
    rules: (options.rules ?? []).map((rule, index) => compileRule(rule, byName, `rules[${index}]`)),
    policy,
    policySource,
    policyRefreshMs: options.policyRefreshMs ?? 60_000,
    systemPrompts: options.systemPrompts ?? {},
    learned: learned && compileLearned(learned, byName),
    canWait: flex && compileFlex(flex),
    failover: (options.failover ?? []).map((name, index) => tierOption(byName, name, `failover[${index}]`)),
    shadow: shadow && checkShadow(shadow),
    warn,
    cascade: cascade && compileCascade(cascade, byName),
    allowedScopes: new Set(options.allowedScopes),
    profiles: options.profiles,
    fallback: options.fallback ?? true,
    store: options.store,
    storeKey: options.storeKey ?? 'costkit:router',
    mode: options.mode ?? 'enforce',
  };
}
