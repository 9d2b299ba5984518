import { type Clock, InvalidOptionError } from '@costkit/core';
import { type ResolvedModel, resolveModel, UnknownModelError } from '@costkit/pricing';
import { ModelEndOfLifeError } from './errors.js';
import type { RouterOptions, RouterTier, RouterWarning } from './types.js';

/** How long before a model's end of life the router begins to warn. */
const END_OF_LIFE_NOTICE_DAYS = 180;
const MS_PER_DAY = 86_400_000;

/** A tier whose model the catalogue knows. */
export interface ResolvedTier extends RouterTier {
  /** Position in the ladder, 0 is the cheapest. */
  readonly index: number;
  readonly resolved: ResolvedModel;
}

function warnOfLifecycle(tier: ResolvedTier, now: number, warn: (warning: RouterWarning) => void): void {
  const { id, lifecycle } = tier.resolved.model;
  const { endOfLife, legacyFrom } = lifecycle;
  if (endOfLife !== undefined) {
    const daysLeft = Math.ceil((Date.parse(endOfLife) - now) / MS_PER_DAY);
    if (daysLeft <= 0) throw new ModelEndOfLifeError(tier.name, id, endOfLife);
    if (daysLeft <= END_OF_LIFE_NOTICE_DAYS) {
      const message = `costkit router: tier "${tier.name}" names "${id}", whose end of life is ${endOfLife}. Evaluate a successor before then.`;
      warn({ code: 'COSTKIT_MODEL_END_OF_LIFE', message });
      return;
    }
  }
  if (legacyFrom !== undefined && Date.parse(legacyFrom) <= now) {
    const message = `costkit router: tier "${tier.name}" names "${id}", a legacy model since ${legacyFrom}. Evaluate a successor.`;
    warn({ code: 'COSTKIT_MODEL_LEGACY', message });
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
  warn: (warning: RouterWarning) => void,
): readonly ResolvedTier[] {
  if (!Array.isArray(tiers) || tiers.length === 0) {
    throw new InvalidOptionError('router', 'tiers', 'must be a list of at least one tier, cheap to strong');
  }
  const names = new Set<string>();
  const models = new Set<string>();
  return (tiers as readonly Partial<RouterTier>[]).map((tier, index) => {
    const { name, modelId, ...unknown } = tier ?? {};
    const path = `tiers[${index}]`;
    const [unknownField] = Object.keys(unknown);
    if (unknownField !== undefined) {
      throw new InvalidOptionError(
        'router',
        `${path}.${unknownField}`,
        'is unknown; known are name, modelId',
      );
    }
    if (typeof name !== 'string' || name === '') {
      throw new InvalidOptionError('router', `${path}.name`, 'must be a text that is not empty');
    }
    if (names.has(name)) throw new InvalidOptionError('router', `${path}.name`, `"${name}" is there twice`);
    names.add(name);
    if (typeof modelId !== 'string' || modelId === '') {
      throw new InvalidOptionError('router', `${path}.modelId`, 'must be a model id of the catalogue');
    }
    if (models.has(modelId))
      throw new InvalidOptionError('router', `${path}.modelId`, `"${modelId}" is there twice`);
    models.add(modelId);
    const resolved = resolveModel(modelId);
    if (resolved === undefined) {
      throw new UnknownModelError(
        modelId,
        `Give tier "${name}" a model id or inference profile of the catalogue.`,
      );
    }
    if (resolved.model.kind !== 'text') {
      throw new InvalidOptionError(
        'router',
        `${path}.modelId`,
        `names a model for ${resolved.model.kind}, not for text`,
      );
    }
    const known: ResolvedTier = { name, modelId, index, resolved };
    warnOfLifecycle(known, clock.now(), warn);
    return known;
  });
}
