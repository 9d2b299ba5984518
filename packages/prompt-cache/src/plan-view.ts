import type { CachePoint, Decision, EstimatedTokens, LeverMode, RequestView } from '@costkit/core';
import { Money, type PriceOverride, type ResolvedModel } from '@costkit/pricing';
import { type CachePrices, cachePrices } from './cache-prices.js';
import { choosePoints, type ForecastPlace, type PointChoice } from './choose-points.js';
import { LEVER_NAME } from './constants.js';
import { whyNone, whyPlaced } from './explain-plan.js';
import { findPlaces, type Places } from './find-places.js';
import { type ModelCacheRules, modelCacheRules } from './model-cache-rules.js';
import { acceptableOwnPoints, ownPointsAreRefused } from './own-points.js';
import type { Refusal } from './refusals.js';
import type { CacheRulesByModel, PlannedPoint, TtlChoice } from './types.js';

/** What a plan depends on besides the request. */
export interface PlanConditions {
  readonly mode: LeverMode;
  readonly ttl: TtlChoice;
  readonly rules: CacheRulesByModel;
  /** Names the model that will be called: the view's own id, or what stands behind it. */
  readonly modelId: string;
  /** The model behind it, where the id does not say. */
  readonly resolved?: ResolvedModel | undefined;
  /** The request's tokens on the model that will be called. */
  readonly estimate: EstimatedTokens;
  readonly region: string | undefined;
  readonly priceOverrides: readonly PriceOverride[];
  /** Another model than the caller's will be called, so that the caller's own points may not fit it. */
  readonly modelChanged: boolean;
  /** Points are placed although a price is unknown. */
  readonly withoutPrices: boolean;
  /** What of the points the service refused on this model a while ago: none like them are added. */
  readonly refused: ReadonlySet<Refusal>;
  /** What is expected of points at the places of this request, in prompt order. */
  forecast(places: Places): readonly ForecastPlace[];
}

/** A plan for a view. */
export interface ViewPlan {
  /** The same object when nothing changed. */
  readonly view: RequestView;
  readonly points: readonly PlannedPoint[];
  readonly decision: Decision;
  /** What was chosen; empty when nothing was added. */
  readonly choice: PointChoice;
  readonly prices: CachePrices | undefined;
}

const NO_CHOICE: PointChoice = { points: [], savedNow: 0, readTokens: 0 };
/** The proportions of Claude's price list: they decide where a plan is wanted and the price is unknown. */
const USUAL_PRICES: CachePrices = { input: 100, read: 10, write: { '5m': 125, '1h': 200 } };

/** Plans the cache points of one request. */
export function planView(view: RequestView, conditions: PlanConditions): ViewPlan {
  const own = view.cachePoints;
  const decide = (action: string, reason: string, savedPicoUsd?: number): Decision => {
    const decision: { -readonly [Member in keyof Decision]: Decision[Member] } = {
      lever: LEVER_NAME,
      mode: conditions.mode,
      action,
      reason,
    };
    if (savedPicoUsd !== undefined) {
      decision.estimatedSaving = Money.fromPicoUsd(Math.round(savedPicoUsd));
    }
    return decision;
  };
  const leave = (reason: string, points: readonly PlannedPoint[] = []): ViewPlan => ({
    view,
    points,
    decision: decide('left alone', reason),
    choice: NO_CHOICE,
    prices: undefined,
  });

  const pinned = view.pinned.get('cachePoints');
  if (pinned !== undefined) return leave(sentence(pinned));
  const rules = modelCacheRules(conditions.modelId, conditions.rules, conditions.resolved);
  if ('refusal' in rules) {
    if (own.length === 0 || !conditions.modelChanged) return leave(rules.refusal);
    const removed = decide(`removed ${count(own.length)}`, rules.refusal);
    return { ...leave(''), view: view.withCachePoints([]), decision: removed };
  }
  const kept = conditions.modelChanged ? acceptableOwnPoints(view, rules) : own;
  if (!conditions.modelChanged && ownPointsAreRefused(view, rules)) {
    return leave(
      "The request's own cache points go against the rules of its model; they are the caller's to mend.",
    );
  }

  const places = findPlaces(view, rules, conditions.estimate);
  const prices =
    cachePrices(rules.resolved, {
      region: conditions.region,
      tier: view.tier,
      promptTokens: places.promptTokens,
      overrides: conditions.priceOverrides,
    }) ?? (conditions.withoutPrices ? USUAL_PRICES : undefined);
  const lastOwn = kept.reduce((last, point) => Math.max(last, point.afterBlock), -1);
  const arrived = conditions.forecast(places);
  const { refused } = conditions;
  const forecast =
    lastOwn < 0 && refused.size === 0
      ? arrived
      : arrived.filter(({ place }) => place.afterBlock > lastOwn && !refused.has(place.section));
  const choice =
    prices === undefined || refused.has('all')
      ? NO_CHOICE
      : choosePoints(forecast, {
          tokensBefore: lastOwn < 0 ? 0 : (places.cumulativeTokens[lastOwn] ?? 0),
          prices,
          freePoints: rules.maxPoints - kept.length,
          ttls: allowedTtls(refused.has('1h') ? '5m' : conditions.ttl, rules, kept),
        });

  const points = inPromptOrder(kept, choice, places, view);
  const removedCount = own.length - kept.length;
  if (choice.points.length === 0 && removedCount === 0 && sameTtls(own, kept)) {
    if (refused.size > 0)
      return leave('The service refused a cache point on this model a while ago.', points);
    return {
      ...leave(
        whyNone(places, {
          rules,
          ownPoints: kept.length,
          forecastPlaces: forecast.length,
          prices,
        }),
        points,
      ),
      prices,
    };
  }
  const actions = [
    ...(choice.points.length === 0 ? [] : [`placed ${count(choice.points.length)}`]),
    ...(removedCount === 0 ? [] : [`removed ${count(removedCount)} that the model refuses`]),
  ];
  const priced = prices !== undefined && prices !== USUAL_PRICES && choice.points.length > 0;
  return {
    view: view.withCachePoints(
      points.map(({ afterBlock, ttl }) => (ttl === undefined ? { afterBlock } : { afterBlock, ttl })),
    ),
    points,
    decision: decide(
      actions.join(', ') || 'shortened lifetimes',
      whyPlaced(choice, places),
      priced ? choice.savedNow : undefined,
    ),
    choice,
    prices: prices === USUAL_PRICES ? undefined : prices,
  };
}

/** The plan without its own points from one on, because another request is writing them. */
export function withoutPointsFrom(view: RequestView, plan: ViewPlan, from: number): ViewPlan {
  const left = plan.choice.points.slice(0, from);
  const stays = ({ purpose, afterBlock }: PlannedPoint): boolean =>
    purpose === 'caller' || left.some(({ place }) => place.afterBlock === afterBlock);
  const points = plan.points.filter(stays);
  const { estimatedSaving: _, ...decision } = plan.decision;
  return {
    ...plan,
    view:
      points.length === view.cachePoints.length
        ? view
        : view.withCachePoints(
            points.map(({ afterBlock, ttl }) => (ttl === undefined ? { afterBlock } : { afterBlock, ttl })),
          ),
    points,
    decision: {
      ...decision,
      action: left.length === 0 ? 'left alone' : `placed ${count(left.length)}`,
      reason:
        'Another request is writing the rest of this prefix right now; a second write would be paid in vain.',
    },
    choice: { points: left, savedNow: 0, readTokens: 0 },
  };
}

function allowedTtls(
  choice: TtlChoice,
  rules: ModelCacheRules,
  kept: readonly CachePoint[],
): { '5m': boolean; '1h': boolean } {
  // An hour must not come after five minutes, and all of ours stand behind the caller's own.
  const long = choice !== '5m' && rules.ttls.includes('1h') && kept.every((point) => point.ttl === '1h');
  return { '5m': choice !== '1h' || !long, '1h': long };
}

function inPromptOrder(
  kept: readonly CachePoint[],
  choice: PointChoice,
  places: Places,
  view: RequestView,
): readonly PlannedPoint[] {
  const ours = choice.points.map(({ place: { afterBlock, purpose, section, tokens }, ttl }): PlannedPoint => {
    const point = { afterBlock, purpose, section, tokens: Math.round(tokens) };
    // Five minutes are the service's default and stay unsaid: models without lifetimes refuse the member.
    return ttl === '1h' ? { ...point, ttl } : point;
  });
  if (kept.length === 0) return ours;
  const callers = kept.map(
    (point): PlannedPoint => ({
      ...point,
      purpose: 'caller',
      section: view.blocks[point.afterBlock]?.section ?? 'messages',
      tokens: Math.round(places.cumulativeTokens[point.afterBlock] ?? 0),
    }),
  );
  return [...callers, ...ours].sort((one, other) => one.afterBlock - other.afterBlock);
}

const sameTtls = (own: readonly CachePoint[], kept: readonly CachePoint[]): boolean =>
  own.every((point, index) => point.ttl === kept[index]?.ttl);

const count = (points: number): string => (points === 1 ? '1 cache point' : `${points} cache points`);

const sentence = (clause: string): string => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
