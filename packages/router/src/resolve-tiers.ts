import { type Clock, checkOptions, isAnything, isObject, isText, type OptionCheck } from '@costkit/core';
import { type ResolvedModel, resolveModel, UnknownModelError } from '@costkit/pricing';
import { ModelEndOfLifeError } from './errors.js';
import { requireOption } from './require-option.js';
import type { ProvisionedTier, RouterOptions, RouterTier, RouterWarning } from './types.js';

/** How long before a model's end of life the router begins to warn. */
const END_OF_LIFE_NOTICE_DAYS = 180;
const MS_PER_DAY = 86_400_000;

/** A tier whose model the catalogue knows. */
export interface ResolvedTier extends RouterTier {
  /** The ARN of reserved capacity, which is filled before `modelId` is asked. */
  readonly provisioned: string | undefined;
  /** Position in the ladder, 0 is the cheapest. */
  readonly index: number;
  readonly resolved: ResolvedModel;
}

type Warn = (warning: RouterWarning) => void;

const isTiers: OptionCheck = (value) =>
  Array.isArray(value) && value.length > 0 ? undefined : 'must be a list of tiers, cheap to strong';

const isArn: OptionCheck = (value) =>
  typeof value === 'string' && /^arn:[^:]+:bedrock:[^:]+:\d*:provisioned-model\/./.test(value)
    ? undefined
    : 'must be the ARN of provisioned throughput';

function warnOfLifecycle({ name, resolved }: ResolvedTier, now: number, warn: Warn): void {
  const { id, lifecycle } = resolved.model;
  const { endOfLife, legacyFrom } = lifecycle;
  // Without a date no number, which is below none.
  const daysLeft = Math.ceil((Date.parse(endOfLife ?? '') - now) / MS_PER_DAY);
  const about = (what: string): string =>
    `costkit router: tier "${name}" names "${id}", ${what}. Evaluate a successor.`;
  if (endOfLife !== undefined && daysLeft <= END_OF_LIFE_NOTICE_DAYS) {
    if (daysLeft <= 0) throw new ModelEndOfLifeError(name, id, endOfLife);
    warn({ code: 'COSTKIT_MODEL_END_OF_LIFE', message: about(`whose end of life is ${endOfLife}`) });
  } else if (Date.parse(legacyFrom ?? '') <= now) {
    warn({ code: 'COSTKIT_MODEL_LEGACY', message: about(`a legacy model since ${legacyFrom}`) });
  }
}

/**
 * Looks the tiers' models up in the catalogue.
 *
 * @throws `InvalidOptionError` for an empty list, a tier without a name, a name or a model that is there twice.
 * @throws `UnknownModelError` when the catalogue does not know a model.
 * @throws {@link ModelEndOfLifeError} when a model can no longer be called.
 */
export function resolveTiers(
  tiers: RouterOptions['tiers'],
  clock: Clock,
  warn: Warn,
): readonly ResolvedTier[] {
  requireOption('tiers', tiers, isTiers);
  const seen = new Set<string>();
  return tiers.map((tier, index) => {
    const path = `tiers[${index}].`;
    const reserved = isObject(tier) === undefined && 'provisioned' in tier ? tier : undefined;
    if (reserved === undefined) {
      checkOptions('router', tier as RouterTier, { name: isText, modelId: isText, model: isText }, path);
    } else {
      const checks = { name: isText, provisioned: isAnything, overflow: isText };
      checkOptions<ProvisionedTier>('router', reserved, checks, path);
      requireOption(`${path}provisioned`, reserved.provisioned, isArn);
    }
    const { name } = tier;
    const modelId = reserved?.overflow ?? (tier as RouterTier).modelId;
    for (const [field, value] of Object.entries({ name, modelId })) {
      const key = `${field} ${value}`;
      const isNew: OptionCheck = (text) =>
        isText(text) ?? (seen.has(key) ? `"${text}" is there twice` : undefined);
      requireOption(`${path}${field}`, value, isNew);
      seen.add(key);
    }
    const { model: base = modelId } = tier as RouterTier;
    const named = resolveModel(base);
    if (named === undefined) {
      throw new UnknownModelError(base, `Give tier "${name}" a model or profile of the catalogue.`);
    }
    const { kind } = named.model;
    const resolved: ResolvedModel = base === modelId ? named : { ...named, scope: 'custom', input: modelId };
    requireOption(`${path}modelId`, kind, () =>
      kind === 'text' ? undefined : `names a model for ${kind}, not text`,
    );
    const known: ResolvedTier = { name, modelId, index, resolved, provisioned: reserved?.provisioned };
    warnOfLifecycle(known, clock.now(), warn);
    return known;
  });
}
