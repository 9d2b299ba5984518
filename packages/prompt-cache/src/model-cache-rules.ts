import type { BlockKind } from '@costkit/core';
import { type CacheRules, type ResolvedModel, resolveModel } from '@costkit/pricing';
import { pointCarriers } from './point-carriers.js';
import type { CacheRulesByModel } from './types.js';

/** What decides where cache points may stand for one model. */
export interface ModelCacheRules extends CacheRules {
  readonly resolved: ResolvedModel;
  /** The kinds of blocks that may carry a point. */
  readonly carriers: ReadonlySet<BlockKind>;
}

/** Why a model gets no cache points, as a sentence. */
export interface NoCacheRules {
  readonly refusal: string;
}

/** The catalogue's rules as they are; one object, by which what was read is remembered. */
export const NO_CORRECTIONS: CacheRulesByModel = {};

interface RememberedRules {
  /** What the caller knew of the model: clients may know different models behind the same ARN. */
  readonly known: ResolvedModel | undefined;
  readonly rules: ModelCacheRules | NoCacheRules;
}

// By the corrections in force: rules are asked for on every call and change never.
const REMEMBERED = new WeakMap<CacheRulesByModel, Map<string, RememberedRules>>();
const MAX_REMEMBERED = 500;

/** The caching rules of a model, from the catalogue with the user's corrections. */
export function modelCacheRules(
  modelId: string,
  corrections: CacheRulesByModel,
  known?: ResolvedModel,
): ModelCacheRules | NoCacheRules {
  let remembered = REMEMBERED.get(corrections);
  if (remembered === undefined) {
    remembered = new Map();
    REMEMBERED.set(corrections, remembered);
  }
  const present = remembered.get(modelId);
  if (present !== undefined && present.known === known) return present.rules;
  const rules = readRules(known ?? resolveModel(modelId), corrections);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(modelId, { known, rules });
  return rules;
}

function readRules(
  resolved: ResolvedModel | undefined,
  corrections: CacheRulesByModel,
): ModelCacheRules | NoCacheRules {
  if (resolved === undefined)
    return {
      refusal: 'The model is not in the catalogue, and a model without a prompt cache refuses cache points.',
    };
  const { model } = resolved;
  const correction = Object.hasOwn(corrections, model.id) ? corrections[model.id] : undefined;
  const published = model.capabilities.cache;
  const rules =
    correction === undefined || published === undefined ? published : { ...published, ...correction };
  if (rules === undefined)
    return { refusal: `The model ${model.id} has no prompt cache and refuses cache points.` };
  if (!rules.explicit)
    return { refusal: `The model ${model.id} caches by itself and takes no cache points.` };
  return { ...rules, resolved, carriers: pointCarriers(model.dialect) };
}
