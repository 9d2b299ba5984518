import { type Call, estimatedTokens, type RequestView } from '@costkit/core';
import {
  type CatalogueModel,
  type Money,
  type ResolvedModel,
  resolveModel,
  type Scope,
} from '@costkit/pricing';
import type { CallHistory, WarmTokens } from './call-history.js';
import { estimateCost } from './estimate-cost.js';
import { findObstacle } from './find-obstacle.js';
import { fitCachePoints } from './fit-cache-points.js';
import type { Refusals } from './refusals.js';
import { type RequestNeeds, requestNeeds } from './request-needs.js';
import type { ResolvedTier } from './resolve-tiers.js';
import { isSameTarget, targetModelId } from './target-model-id.js';

/** What the router knows when it looks for a model. */
export interface Surroundings {
  readonly allowedScopes: ReadonlySet<Scope>;
  readonly history: CallHistory;
  readonly refusals: Refusals;
}

/** A tier that can take the request. */
export interface ChosenTier {
  readonly tier: ResolvedTier;
  /** The request for the tier's model. */
  readonly view: RequestView;
  /** Compared with the model asked for; `undefined`: a rate is unknown. */
  readonly saving: Money | undefined;
  /** Why tiers before it could not take the request; empty when it was the first. */
  readonly passedOver: string;
}

/** Why no tier can take the request. */
export interface NoTier {
  readonly obstacle: string;
}

/** What is known of one request before tiers are looked at. */
interface Request extends Surroundings {
  readonly view: RequestView;
  readonly call: Call;
  readonly requested: ResolvedModel;
  readonly needs: RequestNeeds;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly warmOnRequested: WarmTokens;
  readonly requestedCost: Money | undefined;
}

/** The model a request asks for, or why the router may not replace it. */
export function requestedModel(view: RequestView): { readonly model: ResolvedModel } | NoTier {
  const pinned = view.pinned.get('model');
  if (pinned !== undefined) return { obstacle: `The model is pinned: ${pinned.replace(/\.$/, '')}.` };
  const model = resolveModel(view.modelId);
  return model === undefined
    ? { obstacle: `"${view.modelId}" names no model of the catalogue, so nothing can be compared with it.` }
    : { model };
}

function readRequest(
  view: RequestView,
  call: Call,
  requested: ResolvedModel,
  surroundings: Surroundings,
): Request {
  const outputTokens = surroundings.history.expectedOutputTokens(view, call);
  const warmOnRequested = surroundings.history.warmTokens(requested.model.id, call);
  const warmTokens = Math.max(warmOnRequested.conversation, warmOnRequested.shared);
  return {
    ...surroundings,
    view,
    call,
    requested,
    needs: requestNeeds(view),
    inputTokens: estimatedTokens(view).total,
    outputTokens,
    warmOnRequested,
    requestedCost: estimateCost({ view, outputTokens, warmTokens }, requested, call),
  };
}

/**
 * Input tokens that the target has cached, or will have. A prefix that all calls share is written once by the new
 * model and read from then on; what one conversation has cached elsewhere is lost.
 */
function warmTokensOn(target: CatalogueModel, { history, call, warmOnRequested }: Request): number {
  const warm = history.warmTokens(target.id, call);
  const { cache } = target.capabilities;
  const shared = Math.max(warm.shared, warmOnRequested.shared);
  return Math.max(warm.conversation, cache !== undefined && shared >= cache.minTokens ? shared : 0);
}

function considerTier(
  tier: ResolvedTier,
  request: Request,
  force: boolean,
): Omit<ChosenTier, 'passedOver'> | NoTier {
  const { view, call, requested, needs, inputTokens, outputTokens, requestedCost } = request;
  const target = targetModelId(tier, requested, request.allowedScopes, call.region);
  if ('obstacle' in target) return target;
  const resolved = resolveModel(target.modelId) ?? tier.resolved;
  const { model } = resolved;
  const refused = request.refusals.recent(target.modelId, call);
  if (refused !== undefined) return { obstacle: `refused lately (${refused})` };
  const obstacle = findObstacle({
    view,
    needs,
    inputTokens,
    requested: requested.model,
    target: model,
    now: call.clock.now(),
  });
  if (obstacle !== undefined) return { obstacle };
  const fitted = fitCachePoints(view, model);
  const pinned = view.pinned.get('cachePoints');
  if (fitted !== view && pinned !== undefined)
    return { obstacle: `does not take the cache points, which are pinned: ${pinned}` };
  const cost = estimateCost(
    { view: fitted, outputTokens, warmTokens: warmTokensOn(model, request) },
    resolved,
    call,
  );
  const saving = cost === undefined ? undefined : requestedCost?.minus(cost);
  if (!force) {
    if (saving === undefined) return { obstacle: 'has a rate that is not known' };
    if (saving.picoUsd <= 0n)
      return { obstacle: `would cost about ${cost}, the model asked for ${requestedCost}` };
  }
  return { tier, view: fitted.withModel(target.modelId), saving };
}

/**
 * The first of `tiers` that can take the request as it is, in the caller's scope, for fewer dollars.
 *
 * @param tiers - in the order of preference.
 * @param force - skips the comparison of dollars.
 */
export function chooseTier(
  tiers: readonly ResolvedTier[],
  view: RequestView,
  call: Call,
  requested: ResolvedModel,
  surroundings: Surroundings,
  force: boolean,
): ChosenTier | NoTier {
  const request = readRequest(view, call, requested, surroundings);
  const obstacles: string[] = [];
  for (const tier of tiers) {
    const label = `"${tier.name}" (${tier.resolved.model.id})`;
    if (isSameTarget(tier.resolved, requested)) {
      obstacles.push(`${label} is the model asked for`);
      break;
    }
    const considered = considerTier(tier, request, force);
    if (!('obstacle' in considered)) return { ...considered, passedOver: obstacles.join('; ') };
    obstacles.push(`${label} ${considered.obstacle}`);
  }
  return { obstacle: obstacles.length === 0 ? 'no tier is left' : obstacles.join('; ') };
}
