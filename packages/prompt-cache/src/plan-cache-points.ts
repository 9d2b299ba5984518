import {
  checkOptions,
  estimatedTokens,
  type InferenceOperation,
  isArray,
  isBoolean,
  isObject,
  isOneOf,
  isText,
} from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { Money, resolveModel } from '@costkit/pricing';
import type { CachePrices } from './cache-prices.js';
import { checkRules } from './check-rules.js';
import type { ForecastPlace } from './choose-points.js';
import { LEVER_NAME } from './constants.js';
import type { Places } from './find-places.js';
import { NO_CORRECTIONS } from './model-cache-rules.js';
import { planView } from './plan-view.js';
import type { CacheEconomics, CachePlan, PlanCachePointsOptions, PlannedPoint } from './types.js';

/** The parts of a Converse or InvokeModel input that a plan needs; inputs of any copy of the AWS SDK fit. */
export interface PlannableInput {
  readonly modelId?: string | undefined;
}

/**
 * Plans the cache points of a request that is meant to be sent more than once: the end of the tools and of the
 * system prompt, and in a conversation the end of the last user turn. Pure: the input is not changed, nothing is
 * remembered, nothing is sent. The request stays valid for its model; where the model takes no cache points, or
 * the prompt is too short, it stays as it is and the decision says why.
 *
 * @param input - input of `ConverseCommand`, `ConverseStreamCommand` or (Anthropic Messages and Nova bodies)
 * `InvokeModelCommand`
 * @throws `InvalidOptionError` for an unknown or wrong option.
 *
 * @example
 * ```ts
 * const { input, points, economics } = planCachePoints(request);
 * await client.send(new ConverseCommand(input));
 * ```
 */
export function planCachePoints<Input extends PlannableInput>(
  input: Input,
  options: PlanCachePointsOptions = {},
): CachePlan<Input> {
  checkOptions<PlanCachePointsOptions>(LEVER_NAME, options, {
    model: isText,
    ttl: isOneOf('5m', '1h'),
    conversation: isBoolean,
    region: isText,
    priceOverrides: isArray,
    rules: isObject,
  });
  const { model, ttl = '5m', conversation, region, priceOverrides = [], rules = NO_CORRECTIONS } = options;
  checkRules(rules);
  const operation: InferenceOperation = 'body' in input ? 'InvokeModel' : 'Converse';
  const { modelId = '' } = input;
  // A model that differs from a readable `modelId` will be called instead; otherwise it says what an ARN does not.
  const own = resolveModel(modelId);
  const behind = model !== undefined && own === undefined ? { [modelId]: model } : {};
  const view = viewRequest(operation, input, behind);
  const modelChanged = model !== undefined && own !== undefined && own.model !== resolveModel(model)?.model;
  const plan = planView(view, {
    mode: 'enforce',
    modelId: model ?? view.modelId,
    ttl,
    rules,
    estimate: estimatedTokens(view, {}, model),
    region,
    priceOverrides,
    modelChanged,
    withoutPrices: true,
    refused: NOTHING_REFUSED,
    forecast: (places) => everythingComesAgain(places, conversation ?? hasAssistantTurn(view.blocks)),
  });
  const economics = plan.choice.points.length === 0 ? undefined : economicsOf(plan.points, plan.prices);
  const decision =
    economics === undefined ? plan.decision : { ...plan.decision, estimatedSaving: economics.savingPerRead };
  return {
    input: plan.view.input as Input,
    points: plan.points,
    decisions: [decision],
    economics,
  };
}

const NOTHING_REFUSED: ReadonlySet<never> = new Set();

const hasAssistantTurn = (blocks: readonly { readonly role?: string }[]): boolean =>
  blocks.some((block) => block.role === 'assistant');

function everythingComesAgain(places: Places, conversation: boolean): readonly ForecastPlace[] {
  const turns = conversation ? places.turns.slice(-2) : [];
  const shared = conversation || places.stable.length > 0 ? [] : places.shared;
  return [...places.stable, ...shared, ...turns].map((place) => ({
    place,
    reuse: { within5m: 1, within1h: 1 },
    cached: false,
    entry: undefined,
  }));
}

function economicsOf(
  points: readonly PlannedPoint[],
  prices: CachePrices | undefined,
): CacheEconomics | undefined {
  const last = points.at(-1);
  if (prices === undefined || last === undefined) return undefined;
  let writePremium = 0;
  let before = 0;
  for (const point of points) {
    const write = (point.ttl === '1h' ? prices.write['1h'] : undefined) ?? prices.write['5m'];
    writePremium += (point.tokens - before) * (write - prices.input);
    before = point.tokens;
  }
  const savingPerRead = last.tokens * (prices.input - prices.read);
  return {
    cachedTokens: last.tokens,
    writePremium: Money.fromPicoUsd(Math.round(writePremium)),
    savingPerRead: Money.fromPicoUsd(Math.round(savingPerRead)),
    readsToBreakEven: Math.max(0, Math.ceil(writePremium / savingPerRead)),
  };
}
