import type { Money, ResolvedModel } from '@costkit/pricing';
import {
  bestCache,
  cacheableTokens,
  cachedRequestCost,
  HOURS_PER_MONTH,
  hitShareOf,
} from './cached-request-cost.js';
import { modelOf, moneyOf } from './checks.js';
import { type Pick, pickOf } from './estimated.js';
import { type PriceContext, requestCost } from './request-cost.js';
import { scaleMoney, sumOfKnown } from './scale-money.js';
import type { CachedPrefix, TaskLevers, WorkloadMode, WorkloadTask } from './workload.js';

/** A change of one task; each belongs to one lever. */
export type Move = keyof TaskLevers;

/** Requests of a task that are priced alike. */
export interface TaskPart {
  /** The model as it would be called. */
  readonly model: string;
  /** How they are paid for; `provisioned` costs nothing more per request. */
  readonly mode: WorkloadMode | 'provisioned';
  /** Requests in a month; a share of the task's, so not always whole. */
  readonly requests: number;
  /** Tokens of one prompt, cached or not. */
  readonly inputTokens: number;
  /** Tokens of one answer. */
  readonly outputTokens: number;
  /** How the prefix is cached. */
  readonly cache: 'none' | '5m' | '1h';
  /** Share of these requests that read the cache. */
  readonly hitShare: number;
  /** Dollars a month; `undefined` when a price is unknown. */
  readonly cost: Money | undefined;
}

/** What a task costs in a month. */
export interface TaskCost {
  readonly cost: Money | undefined;
  readonly parts: readonly TaskPart[];
  /** Paid whatever is called: capacity, stores, hosting. */
  readonly fixed: Money;
  readonly missing: readonly string[];
}

interface Flow {
  readonly model: ResolvedModel;
  readonly requests: number;
}

interface Shape {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Tokens that are no longer in the prompt: taken from the prefix. */
  readonly removedTokens: number;
}

const OPPOSITE: Readonly<Record<Pick, Pick>> = { low: 'high', expected: 'expected', high: 'low' };

/**
 * What a task costs in a month after some moves. Moves act on what the others leave, so nothing is saved twice: a
 * request that went to a cheaper model is batched at that model's price, and a batched one reads no cache.
 *
 * @param pick - `low` reckons with the smallest saving, `high` with the largest
 */
export function taskCost(
  task: WorkloadTask,
  moves: ReadonlySet<Move>,
  pick: Pick,
  context: PriceContext,
): TaskCost {
  const levers: TaskLevers = Object.fromEntries(
    Object.entries(task.levers ?? {}).filter(([name]) => moves.has(name as Move)),
  );
  const shape = shapeOf(task, levers, pick);
  const { flows, served } = flowsOf(task, levers, pick);
  const parts = flows.flatMap((flow) => partsOf(task, flow, shape, levers, pick, context));
  if (served > 0) parts.push(provisionedPart(task, served, shape));
  const fixed = sumOfKnown(
    [levers.provisioned, levers.context, levers.distillation].map((lever) =>
      moneyOf(lever?.usdPerMonth ?? 0),
    ),
  )!;
  const variable = sumOfKnown(parts.map(({ cost }) => cost));
  return {
    cost: variable?.plus(fixed),
    parts,
    fixed,
    missing: parts.flatMap((part) => (part.cost === undefined ? missingOf(part, context) : [])),
  };
}

function shapeOf(task: WorkloadTask, { context, outputLimits }: TaskLevers, pick: Pick): Shape {
  const inputTokens =
    context === undefined
      ? task.inputTokens
      : Math.min(task.inputTokens, pickOf(context.inputTokens, OPPOSITE[pick]));
  const savedShare = outputLimits === undefined ? 0 : pickOf(outputLimits.savedShare, pick);
  return {
    inputTokens: Math.round(inputTokens),
    outputTokens: Math.round(task.outputTokens * (1 - savedShare)),
    removedTokens: Math.round(task.inputTokens) - Math.round(inputTokens),
  };
}

function flowsOf(
  task: WorkloadTask,
  { routing, distillation, provisioned }: TaskLevers,
  pick: Pick,
): { readonly flows: readonly Flow[]; readonly served: number } {
  const flows: Flow[] = [];
  let left = task.requestsPerMonth;
  for (const lever of [routing, distillation]) {
    if (lever === undefined) continue;
    const requests = left * pickOf(lever.share, pick);
    flows.push({ model: modelOf(lever.model), requests });
    left -= requests;
  }
  const served = provisioned === undefined ? 0 : left * pickOf(provisioned.share, pick);
  flows.push({ model: modelOf(task.model), requests: left - served });
  return { flows: flows.filter(({ requests }) => requests > 0), served };
}

/** The mode as far as the model has it: another model of the task may lack the tier that is used today. */
function offeredMode(model: ResolvedModel, mode: WorkloadMode): WorkloadMode {
  const { batch, tiers } = model.model.capabilities;
  if (mode === 'standard') return mode;
  return mode === 'batch' ? (batch ? mode : 'standard') : tiers.includes(mode) ? mode : 'standard';
}

/** Shares of the requests by mode. */
function modesOf(task: WorkloadTask, model: ResolvedModel): ReadonlyMap<WorkloadMode, number> {
  const isOwn = model.input === task.model;
  const shares = new Map<WorkloadMode, number>();
  for (const [mode, share] of Object.entries(task.modes ?? { standard: 1 }) as [WorkloadMode, number][]) {
    if (share === 0) continue;
    const offered = isOwn ? mode : offeredMode(model, mode);
    shares.set(offered, (shares.get(offered) ?? 0) + share);
  }
  return shares;
}

function partsOf(
  task: WorkloadTask,
  { model, requests }: Flow,
  shape: Shape,
  levers: TaskLevers,
  pick: Pick,
  context: PriceContext,
): TaskPart[] {
  const modes = modesOf(task, model);
  const batched = modes.get('batch') ?? 0;
  const onDemand = [...modes].filter(([mode]) => mode !== 'batch');
  const batchShare = levers.batch === undefined ? 0 : Math.max(0, pickOf(levers.batch.share, pick) - batched);
  const moved = batched === 1 ? 0 : Math.min(1, batchShare / (1 - batched));
  const batchCost = requestCost(
    model,
    'batch',
    { input: shape.inputTokens, output: shape.outputTokens },
    context,
  ).cost;
  const parts: TaskPart[] = [];
  const add = (
    mode: WorkloadMode,
    share: number,
    one: Omit<TaskPart, 'model' | 'mode' | 'requests'>,
  ): void => {
    if (share === 0) return;
    const cost = one.cost === undefined ? undefined : scaleMoney(one.cost, requests * share);
    parts.push({ model: model.input, mode, requests: requests * share, ...one, cost });
  };
  const inBatch = { ...tokensOf(shape), cache: 'none' as const, hitShare: 0, cost: batchCost };
  let waiting = batched;
  for (const [mode, share] of onDemand) {
    const one = onDemandPart(task, model, mode, requests * (1 - batched), shape, levers, pick, context);
    const pays =
      model.model.capabilities.batch &&
      batchCost !== undefined &&
      one.cost !== undefined &&
      batchCost.compare(one.cost) < 0;
    const goes = pays ? share * moved : 0;
    waiting += goes;
    add(mode, share - goes, one);
  }
  add('batch', waiting, inBatch);
  return parts;
}

function tokensOf({ inputTokens, outputTokens }: Shape): Omit<Shape, 'removedTokens'> {
  return { inputTokens, outputTokens };
}

/** Tokens of today's prefix that would still be cached: another model, or a shorter prefix, may lie below what it takes. */
function stillCached(
  task: WorkloadTask,
  model: ResolvedModel,
  { tokens, ttl = '5m' }: CachedPrefix,
  { removedTokens }: Shape,
): number {
  const left = Math.max(0, tokens - removedTokens);
  if (model.input !== task.model) return cacheableTokens(model, left, ttl);
  // What is cached today is, whatever the catalogue says of the least.
  return left === tokens || left >= (model.model.capabilities.cache?.minTokens ?? 0) ? left : 0;
}

/** One request that does not wait, with the prefix cached as today or, where the lever is on, as is cheapest. */
function onDemandPart(
  task: WorkloadTask,
  model: ResolvedModel,
  mode: WorkloadMode,
  requests: number,
  shape: Shape,
  { caching }: TaskLevers,
  pick: Pick,
  context: PriceContext,
): Omit<TaskPart, 'model' | 'mode' | 'requests'> {
  const request = { model, mode, ...tokensOf(shape), prefixTokens: 0 };
  const plain = { ...tokensOf(shape), cache: 'none' as const, hitShare: 0 };
  const today = task.cachedPrefix;
  const todayTokens = today === undefined ? 0 : stillCached(task, model, today, shape);
  const asToday =
    today !== undefined && todayTokens > 0
      ? {
          ...plain,
          cache: today.ttl ?? '5m',
          hitShare: today.hitShare,
          cost: cachedRequestCost(
            { ...request, prefixTokens: todayTokens },
            today.ttl ?? '5m',
            today.hitShare,
            context,
          ),
        }
      : {
          ...plain,
          cost: requestCost(model, mode, { input: shape.inputTokens, output: shape.outputTokens }, context)
            .cost,
        };
  if (caching === undefined) return asToday;
  const { prefixes = 1, activeHoursPerMonth = HOURS_PER_MONTH, hitShare } = caching;
  const perHour = requests / (prefixes * activeHoursPerMonth);
  const best = bestCache(
    { ...request, prefixTokens: Math.max(0, caching.prefixTokens - shape.removedTokens) },
    (ttl) => (hitShare === undefined ? hitShareOf(perHour, ttl) : pickOf(hitShare, pick)),
    context,
  );
  if (best.cost === undefined || (asToday.cost !== undefined && asToday.cost.compare(best.cost) <= 0))
    return asToday;
  return { ...plain, cache: best.ttl, hitShare: best.hitShare, cost: best.cost };
}

function provisionedPart(task: WorkloadTask, requests: number, shape: Shape): TaskPart {
  return {
    model: task.model,
    mode: 'provisioned',
    requests,
    ...tokensOf(shape),
    cache: 'none',
    hitShare: 0,
    cost: moneyOf(0),
  };
}

/** Which prices an unknown part lacks. */
function missingOf(
  { model, mode, inputTokens, outputTokens, cache, hitShare }: TaskPart,
  context: PriceContext,
) {
  if (mode === 'provisioned') return [];
  const resolved = modelOf(model);
  const cached =
    cache === 'none'
      ? {}
      : {
          cacheRead: 1,
          ...(hitShare === 1 ? {} : cache === '5m' ? { cacheWrite5m: 1 } : { cacheWrite1h: 1 }),
        };
  return requestCost(resolved, mode, { input: inputTokens, output: outputTokens, ...cached }, context)
    .missing;
}
