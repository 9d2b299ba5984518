import { type Call, estimatedTokens, type ProfileMap, type RequestView } from '@costkit/core';
import {
  type CatalogueModel,
  type Money,
  type ResolvedModel,
  resolveModel,
  type Scope,
} from '@costkit/pricing';
import { attributedModelId } from './attribution.js';
import type { CallHistory, WarmTokens } from './call-history.js';
import type { CascadeEconomics } from './cascade-economics.js';
import type { CompiledPolicy } from './compile-policy.js';
import type { ConversationAuthors } from './conversation-authors.js';
import { estimateCost } from './estimate-cost.js';
import { addedThinking, findObstacle } from './find-obstacle.js';
import { fitCachePoints } from './fit-cache-points.js';
import type { Health } from './health.js';
import { type MediaTokens, mediaTokens } from './media-tokens.js';
import type { TaskRecogniser } from './recognise-task.js';
import type { Refusals } from './refusals.js';
import { type RequestNeeds, requestNeeds } from './request-needs.js';
import type { ResolvedTier } from './resolve-tiers.js';
import type { Rollbacks } from './rollbacks.js';
import { isSameTarget, targetModelId } from './target-model-id.js';

/** What the router knows when it looks for a model. */
export interface Surroundings {
  readonly allowedScopes: ReadonlySet<Scope>;
  readonly history: CallHistory;
  readonly refusals: Refusals;
  readonly authors: ConversationAuthors;
  readonly health: Health;
  readonly economics: CascadeEconomics;
  readonly rollbacks: Rollbacks;
  /** The policy that holds now. */
  readonly policy: () => CompiledPolicy | undefined;
  readonly recognise: TaskRecogniser;
  readonly profiles: ProfileMap | undefined;
}

/** A tier that can take the request. */
export interface ChosenTier {
  readonly tier: ResolvedTier;
  /** The tier's model in the scope of the call. */
  readonly modelId: string;
  /** The request for it, by that id or by a profile of it. */
  readonly view: RequestView;
  /** Compared with the model asked for; `undefined`: a rate is unknown. */
  readonly saving: Money | undefined;
  /** What the request is expected to cost there; `undefined`: a rate is unknown. */
  readonly cost: Money | undefined;
  /** Sentences for the receipt: why tiers before it could not take the request, and what is not in its cost. May be empty. */
  readonly aside: string;
}

/** Why no tier can take the request. */
export interface NoTier {
  readonly obstacle: string;
}

/** What is to be chosen. */
export interface TierQuery {
  readonly surroundings: Surroundings;
  /** In the order of preference. */
  readonly tiers: readonly ResolvedTier[];
  readonly view: RequestView;
  readonly call: Call;
  /** The model that the request asks for. */
  readonly requested: ResolvedModel;
  /** Skips the comparison of dollars. @defaultValue `false` */
  readonly force?: boolean;
  /** The tiers' model wrote the reasoning that the conversation holds. @defaultValue `false` */
  readonly continues?: boolean;
}

/** What is read from a query's request once. */
interface Request {
  readonly needs: RequestNeeds;
  readonly warmOnRequested: WarmTokens;
  /** On the model asked for. */
  readonly media: MediaTokens;
  /** On the model asked for, with so many tokens of media. */
  readonly requestedCost: (mediaTokens: number) => Money | undefined;
}

function readRequest(query: TierQuery): Request {
  const { view, call, requested } = query;
  const { history } = query.surroundings;
  const { id } = requested.model;
  const outputTokens = history.expectedOutputTokens(view, call, id);
  const warmOnRequested = history.warmTokens(id, call);
  const leastTokens = warmOnRequested.conversation;
  const warmTokens = Math.max(leastTokens, warmOnRequested.shared);
  const media = mediaTokens(view, call, id);
  const cost = (tokens: number): Money | undefined =>
    estimateCost(
      { view, outputTokens, warmTokens, leastTokens, media: { ...media, tokens } },
      requested,
      call,
    );
  const counted = cost(media.tokens);
  const requestedCost = (tokens: number): Money | undefined =>
    tokens === media.tokens ? counted : cost(tokens);
  return { needs: requestNeeds(view), warmOnRequested, media, requestedCost };
}

/** What one of two models has no rule for is taken to be what the other counts: left out of one, it would decide. */
const comparable = (media: MediaTokens, other: MediaTokens): number =>
  media.unknown.length === 0 ? media.tokens : Math.max(media.tokens, other.tokens);

/**
 * Input tokens that the target has cached, or will have. A prefix that all calls share is written once by the new
 * model and read from then on; what one conversation has cached elsewhere is lost.
 */
function warmTokensOn(
  target: CatalogueModel,
  { call, surroundings }: TierQuery,
  { warmOnRequested }: Request,
): number {
  const warm = surroundings.history.warmTokens(target.id, call);
  const { cache } = target.capabilities;
  const shared = Math.max(warm.shared, warmOnRequested.shared);
  return Math.max(warm.conversation, cache !== undefined && shared >= cache.minTokens ? shared : 0);
}

function considerTier(
  tier: ResolvedTier,
  query: TierQuery,
  request: Request,
  passedOver: readonly string[],
): ChosenTier | NoTier {
  const { view, call, requested, surroundings, force = false, continues = false } = query;
  const { needs, warmOnRequested } = request;
  const target = targetModelId(tier, requested, surroundings.allowedScopes, call.region);
  if ('obstacle' in target) return target;
  const { profiles, refusals, health } = surroundings;
  const named = resolveModel(target.modelId) ?? tier.resolved;
  const modelId = attributedModelId({ requested, target: named, call, profiles });
  const resolved = call.resolve(modelId) ?? named;
  const { model } = resolved;
  const refused = refusals.recent(modelId, call);
  if (refused !== undefined) return { obstacle: `refused lately (${refused})` };
  const now = call.clock.now();
  const media = mediaTokens(view, call, model.id);
  const leftOut = media.unknown.filter((kind) => request.media.unknown.includes(kind)).join(' and ');
  const obstacle = findObstacle({
    view,
    media,
    requestedMedia: request.media,
    needs,
    inputTokens: estimatedTokens(view, call, model.id).total,
    requested: requested.model,
    target: model,
    now,
    continues,
  });
  if (obstacle !== undefined) return { obstacle };
  const fitted = fitCachePoints(view, model, requested.model);
  const pinned = view.pinned.get('cachePoints');
  if (fitted !== view && pinned !== undefined)
    return { obstacle: `does not take the cache points, which are pinned: ${pinned}` };
  const thinking = addedThinking(view, requested.model, model);
  const outputTokens = surroundings.history.expectedOutputTokens(view, call, model.id, thinking);
  const warmTokens = warmTokensOn(model, query, request);
  const leastTokens = warmOnRequested.conversation;
  const cost = estimateCost(
    {
      view: fitted,
      outputTokens,
      warmTokens,
      leastTokens,
      media: { ...media, tokens: comparable(media, request.media) },
    },
    resolved,
    call,
  );
  const requestedCost = request.requestedCost(comparable(request.media, media));
  const saving = cost === undefined ? undefined : requestedCost?.minus(cost);
  if (!force) {
    if (saving === undefined) return { obstacle: 'has a rate that is not known' };
    if (saving.picoUsd <= 0n) {
      const without = leftOut === '' ? '' : `, ${leftOut} not counted`;
      return { obstacle: `would cost about ${cost}, the model asked for ${requestedCost}${without}` };
    }
  }
  // Asked last: it lets a call through to try a model that was out of service.
  const out = health.reasonToAvoid(modelId, now);
  if (out !== undefined) return { obstacle: out };
  return {
    tier,
    modelId: target.modelId,
    view: fitted.withModel(modelId),
    saving,
    cost,
    aside: `${passedOver.length === 0 ? '' : ` Passed over: ${passedOver.join('; ')}.`}${leftOut === '' ? '' : ` Not counted: ${leftOut}.`}`,
  };
}

/** The first tier that can take the request as it is, in the caller's scope, for fewer dollars. */
export function chooseTier(query: TierQuery): ChosenTier | NoTier {
  const request = readRequest(query);
  const obstacles: string[] = [];
  for (const tier of query.tiers) {
    const label = `"${tier.name}" (${tier.resolved.model.id})`;
    if (isSameTarget(tier.resolved, query.requested)) {
      obstacles.push(`${label} is the model asked for`);
      break;
    }
    const considered = considerTier(tier, query, request, obstacles);
    if (!('obstacle' in considered)) return considered;
    obstacles.push(`${label} ${considered.obstacle}`);
  }
  return { obstacle: obstacles.length === 0 ? 'no tier is left' : obstacles.join('; ') };
}
