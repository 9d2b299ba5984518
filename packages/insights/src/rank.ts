import { Money } from '@costkit/core';
import type { Find, Part } from './finds/find.js';
import { perMonth } from './months.js';
import { patchOf } from './recommendation-patches.js';
import { textsOf, titleOf, UPPER_BOUNDS } from './recommendation-texts.js';
import { marginShare } from './student-t.js';
import type { MoneyInterval, Recommendation, RecommendationKind } from './types.js';

const MONTHS_OF_PAYBACK = 12;

/** What the ranking knows besides the finds. */
export interface RankContext {
  /** Days that the logs cover. */
  readonly days: number;
  /** ISO dates of days from their first to their last minute, by which days are compared. */
  readonly wholeDays: readonly string[];
  /** Pico-dollars of each task on each model; key of {@link cellOf}. */
  readonly costs: ReadonlyMap<string, bigint>;
  readonly totalPicoUsd: bigint;
  readonly engineerDayUsd: number;
  readonly minUsdPerMonth: number;
  readonly minShare: number;
  readonly allowGlobal: boolean;
}

/** A task on a model: where savings of several levers meet. */
export const cellOf = (task: string, modelId: string): string => JSON.stringify([task, modelId]);

/** Levers of which one makes the others pointless, or impossible, for the same calls. */
const EITHER_OR: readonly ReadonlySet<RecommendationKind>[] = [
  new Set(['batch', 'flex-tier', 'prompt-caching']),
  new Set(['prompt-caching', 'retrieval']),
  new Set(['cache-lifetime', 'broken-prefix']),
  new Set(['smaller-model', 'model-lifecycle', 'distillation']),
  new Set(['re-embedding', 'batch']),
];

const exclude = (one: RecommendationKind, other: RecommendationKind): boolean =>
  EITHER_OR.some((set) => one !== other && set.has(one) && set.has(other));

/**
 * An interval from how much the days differ, and sampled requests where a find looks at those. Days are not independent
 * draws (a week has weekends), so it is a guide; with fewer than two whole days it reaches from nothing to twice the
 * figure.
 */
function intervalOf(find: Find, expected: Money, { wholeDays }: RankContext): MoneyInterval {
  if (find.perMonth !== undefined) return find.perMonth;
  const isUpperBound = UPPER_BOUNDS.has(find.kind) && find.isMeasured !== true;
  const values = wholeDays.map((day) =>
    find.parts.reduce((sum, { daily }) => sum + Number(daily.get(day) ?? 0n), 0),
  );
  if (find.kind === 'idle-provisioned') return { low: expected, expected, high: expected };
  const days = marginShare(values);
  if (days === undefined)
    return { low: Money.zero, expected, high: isUpperBound ? expected : expected.times(2) };
  const share = Math.min(1, Math.hypot(days, find.samplingShare ?? 0));
  const margin = Money.fromPicoUsd(BigInt(Math.round(Number(expected.picoUsd) * share)));
  return {
    low: isUpperBound ? Money.zero : expected.minus(margin),
    expected,
    high: isUpperBound ? expected : expected.plus(margin),
  };
}

/** What makes calls disappear is counted before what makes them cheaper. */
const FIRST: ReadonlySet<RecommendationKind> = new Set(['runaway-loop', 're-embedding']);

interface Counted {
  readonly find: Find;
  readonly monthly: Money;
  /** What is left of it after those that were counted before. */
  readonly left: Money;
  /** What is to be done instead of it. */
  readonly rival?: Counted;
  /** Dollars that the first year leaves after the work. */
  readonly worth: number;
}

/** What is left of a part after levers that were counted before it, per cell as shares that multiply. */
function remaining(part: Part, left: ReadonlyMap<string, number>): bigint {
  const share = left.get(cellOf(part.task, part.modelId)) ?? 1;
  return BigInt(Math.round(Number(part.savedPicoUsd) * share));
}

function takeOff(part: Part, left: Map<string, number>, { costs }: RankContext): void {
  const cell = cellOf(part.task, part.modelId);
  const cost = Number(costs.get(cell) ?? 0n);
  if (cost === 0) return;
  left.set(cell, (left.get(cell) ?? 1) * Math.max(0, 1 - Number(part.savedPicoUsd) / cost));
}

/** Whether data may leave its geography is for its owner to say. */
const asQuestion = (find: Find, context: RankContext): Find =>
  find.kind === 'global-profile' && !context.allowGlobal ? { ...find, variant: 'ask' } : find;

/**
 * Counts every dollar once. Savings of several levers in one task multiply: after half is saved, what the next saves is
 * half of what it would have been. Of levers that exclude each other the one that saves more counts.
 */
function countOnce(finds: readonly Find[], context: RankContext): readonly Counted[] {
  const monthlyOf = (find: Find): Money =>
    perMonth(
      find.parts.reduce((sum, part) => sum + part.savedPicoUsd, 0n),
      context.days,
    );
  const ordered = finds
    .map((find) => ({ find, monthly: monthlyOf(find) }))
    .sort(
      (one, other) =>
        Number(FIRST.has(other.find.kind)) - Number(FIRST.has(one.find.kind)) ||
        other.monthly.compare(one.monthly) ||
        nameOf(one.find).localeCompare(nameOf(other.find)),
    );
  const left = new Map<string, number>();
  const taken = new Map<string, Counted[]>();
  return ordered.map(({ find, monthly }): Counted => {
    const rivalIn = (part: Part): Counted | undefined =>
      taken.get(cellOf(part.task, part.modelId))?.find((other) => exclude(other.find.kind, find.kind));
    const open = find.parts.filter((part) => rivalIn(part) === undefined);
    const rival = find.parts.map(rivalIn).find((one) => one !== undefined);
    const saved = perMonth(
      open.reduce((sum, part) => sum + remaining(part, left), 0n),
      context.days,
    );
    for (const part of open) takeOff(part, left, context);
    const yearly = (rival === undefined || open.length > 0 ? saved : monthly).usd * MONTHS_OF_PAYBACK;
    const worth = yearly - textsOf(find).effortDays * context.engineerDayUsd;
    const counted: Counted = {
      find,
      monthly,
      left: saved,
      worth: rival === undefined ? worth : Math.min(worth, rival.worth),
      ...(rival === undefined ? {} : { rival }),
    };
    for (const { task, modelId } of open) {
      const cell = cellOf(task, modelId);
      taken.set(cell, [...(taken.get(cell) ?? []), counted]);
    }
    return counted;
  });
}

const nameOf = (find: Find): string => `${titleOf(find)} ${find.parts[0]?.task} ${find.parts[0]?.modelId}`;

function recommendationOf(
  counted: Counted,
  ranked: readonly Counted[],
  context: RankContext,
): Recommendation {
  const find = asQuestion(counted.find, context);
  const { confidence, effortDays, risk, bestFor, method } = textsOf(find);
  const tasks = new Set(find.parts.map(({ task }) => task));
  const alternativeTo = counted.rival === undefined ? 0 : ranked.indexOf(counted.rival) + 1;
  return {
    rank: ranked.indexOf(counted) + 1,
    kind: find.kind,
    title: titleOf(find),
    task: tasks.size === 1 ? (find.parts[0]?.task ?? '*') : '*',
    modelId: find.parts[0]?.modelId ?? '*',
    perMonth: intervalOf(find, counted.monthly, context),
    perMonthAfterOthers: counted.left,
    confidence,
    method,
    calls: find.parts.reduce((sum, { calls }) => sum + calls, 0),
    evidence: find.parts.flatMap(({ evidence }) => evidence).slice(0, 5),
    risk,
    effortDays,
    bestFor,
    patch: patchOf(find),
    ...(alternativeTo === 0 ? {} : { alternativeTo }),
  };
}

/** What was found, ranked, with noise taken out and every dollar counted once. */
export interface Ranking {
  readonly recommendations: readonly Recommendation[];
  readonly belowNoise: number;
}

/**
 * Ranks finds by what the first year leaves of their dollars after the work. Measuring comes first: it saves nothing,
 * and shows where the rest is.
 */
export function rankFinds(finds: readonly Find[], context: RankContext): Ranking {
  const floor = Math.max(
    context.minUsdPerMonth,
    context.minShare * perMonth(context.totalPicoUsd, context.days).usd,
  );
  const counted = countOnce(finds, context);
  const ranked = counted
    // An alternative leaves nothing beside its rival: it is worth what it would save in its place.
    .filter(
      ({ find, monthly, left, rival }) =>
        find.kind === 'measure' || (rival === undefined ? left.usd : monthly.usd) >= floor,
    )
    .sort(
      (one, other) =>
        Number(other.find.kind === 'measure') - Number(one.find.kind === 'measure') ||
        other.worth - one.worth ||
        Number(one.rival !== undefined) - Number(other.rival !== undefined) ||
        nameOf(one.find).localeCompare(nameOf(other.find)),
    );
  return {
    recommendations: ranked.map((one) => recommendationOf(one, ranked, context)),
    belowNoise: counted.length - ranked.length,
  };
}
