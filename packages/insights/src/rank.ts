import { Money } from '@costkit/core';
import type { Find, Part } from './finds/find.js';
import { patchOf } from './recommendation-patches.js';
import { textsOf, titleOf, UPPER_BOUNDS } from './recommendation-texts.js';
import type { MoneyInterval, Recommendation, RecommendationKind } from './types.js';

/** Days of a month on average. */
export const DAYS_PER_MONTH = 30.4375;
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
  new Set(['smaller-model', 'model-lifecycle']),
  new Set(['re-embedding', 'batch']),
];

const exclude = (one: RecommendationKind, other: RecommendationKind): boolean =>
  EITHER_OR.some((set) => one !== other && set.has(one) && set.has(other));

/** Scales what was seen in `days` to a month, rounded to whole pico-dollars. */
export function perMonth(picoUsd: bigint, days: number): Money {
  return Money.fromPicoUsd((picoUsd * BigInt(Math.round(DAYS_PER_MONTH * 10_000))) / BigInt(Math.round(days * 10_000)));
}

/** Two-sided 90 % quantiles of Student's t, by degrees of freedom; beyond the table the normal's. */
const T_90 = [6.314, 2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833, 1.812];

/**
 * An interval from how much the days differ. Days are not independent draws (a week has weekends), so it is a guide;
 * with fewer than two whole days it reaches from nothing to twice the figure.
 */
function intervalOf(find: Find, expected: Money, { wholeDays }: RankContext): MoneyInterval {
  const isUpperBound = UPPER_BOUNDS.has(find.kind);
  const values = wholeDays.map((day) => find.parts.reduce((sum, { daily }) => sum + Number(daily.get(day) ?? 0n), 0));
  const count = values.length;
  if (find.kind === 'idle-provisioned') return { low: expected, expected, high: expected };
  if (count < 2) return { low: Money.zero, expected, high: isUpperBound ? expected : expected.times(2) };
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const share = mean <= 0 ? 1 : Math.min(1, ((T_90[count - 2] ?? 1.645) * Math.sqrt(variance / count)) / mean);
  const margin = Money.fromPicoUsd(BigInt(Math.round(Number(expected.picoUsd) * share)));
  return {
    low: isUpperBound ? Money.zero : expected.minus(margin),
    expected,
    high: isUpperBound ? expected : expected.plus(margin),
  };
}

interface Weighed {
  readonly find: Find;
  readonly monthly: Money;
  /** Dollars that the first year leaves after the work. */
  readonly worth: number;
}

function weigh(find: Find, context: RankContext): Weighed {
  const saved = find.parts.reduce((sum, part) => sum + part.savedPicoUsd, 0n);
  const monthly = perMonth(saved, context.days);
  return {
    find,
    monthly,
    worth: monthly.usd * MONTHS_OF_PAYBACK - textsOf(find.kind).effortDays * context.engineerDayUsd,
  };
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

/** Ranks from 1 without gaps; an alternative follows the rank of what it stands for. */
function renumbered(recommendations: readonly Recommendation[]): readonly Recommendation[] {
  const ranks = new Map(recommendations.map(({ rank }, index) => [rank, index + 1]));
  return recommendations.map(({ alternativeTo, ...recommendation }, index) => {
    const alternative = alternativeTo === undefined ? undefined : ranks.get(alternativeTo);
    return { ...recommendation, rank: index + 1, ...(alternative === undefined ? {} : { alternativeTo: alternative }) };
  });
}

/** What was found, ranked, with noise taken out and every dollar counted once. */
export interface Ranking {
  readonly recommendations: readonly Recommendation[];
  readonly belowNoise: number;
}

/**
 * Ranks finds by what the first year leaves after the work. Savings of several levers in one task multiply: after
 * half is saved, what the next saves is half of what it would have been. Of levers that exclude each other the one that
 * is ranked higher counts. Measuring comes first: it saves nothing, and shows where the rest is.
 */
export function rankFinds(finds: readonly Find[], context: RankContext): Ranking {
  const floor = Math.max(context.minUsdPerMonth, context.minShare * perMonth(context.totalPicoUsd, context.days).usd);
  const weighed = finds.map((find) => weigh(find, context));
  const kept = weighed.filter(({ find, monthly }) => find.kind === 'measure' || monthly.usd >= floor);
  kept.sort(
    (one, other) =>
      Number(other.find.kind === 'measure') - Number(one.find.kind === 'measure') ||
      other.worth - one.worth ||
      titleOf(one.find).localeCompare(titleOf(other.find)) ||
      JSON.stringify(one.find.parts[0]?.task).localeCompare(JSON.stringify(other.find.parts[0]?.task)),
  );
  const left = new Map<string, number>();
  const taken = new Map<string, { readonly kind: RecommendationKind; readonly rank: number }[]>();
  const recommendations = kept.map(({ find: found, monthly }, index): Recommendation => {
    const find = asQuestion(found, context);
    const rank = index + 1;
    let saved = 0n;
    let alternativeTo: number | undefined;
    for (const part of find.parts) {
      const cell = cellOf(part.task, part.modelId);
      const rival = taken.get(cell)?.find(({ kind }) => exclude(kind, find.kind));
      if (rival !== undefined) {
        alternativeTo ??= rival.rank;
        continue;
      }
      saved += remaining(part, left);
      takeOff(part, left, context);
      taken.set(cell, [...(taken.get(cell) ?? []), { kind: find.kind, rank }]);
    }
    const { confidence, effortDays, risk, bestFor, method } = textsOf(find.kind);
    const tasks = new Set(find.parts.map(({ task }) => task));
    return {
      rank,
      kind: find.kind,
      title: titleOf(find),
      task: tasks.size === 1 ? (find.parts[0]?.task ?? '*') : '*',
      modelId: find.parts[0]?.modelId ?? '*',
      perMonth: intervalOf(find, monthly, context),
      perMonthAfterOthers: perMonth(saved, context.days),
      confidence,
      method,
      calls: find.parts.reduce((sum, { calls }) => sum + calls, 0),
      evidence: find.parts.flatMap(({ evidence }) => evidence).slice(0, 5),
      risk,
      effortDays,
      bestFor,
      patch: patchOf(find),
      ...(alternativeTo === undefined ? {} : { alternativeTo }),
    };
  });
  // What earlier ones leave of it may be noise again; an alternative is there to be chosen instead.
  const worthwhile = recommendations.filter(
    ({ kind, alternativeTo, perMonthAfterOthers }) =>
      kind === 'measure' || alternativeTo !== undefined || perMonthAfterOthers.usd >= floor,
  );
  return { recommendations: renumbered(worthwhile), belowNoise: weighed.length - worthwhile.length };
}
