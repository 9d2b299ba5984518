import { Money } from '@costkit/pricing';
import { moneyOf } from './checks.js';
import type { CreditPool } from './credit-pool.js';
import type { Usd } from './plan.js';
import { scaleMoney } from './scale-money.js';

/** Something that is paid every month. */
export interface CreditUsage {
  /** Unique; pools name it in `eligible`. */
  readonly name: string;
  /** Dollars in the first month. */
  readonly usdPerMonth: Usd;
  /** Growth per month, e.g. 0.05; compounded at the start of each month. @defaultValue that of all usages */
  readonly growthPerMonth?: number;
}

/** One month of credits. */
export interface CreditMonth {
  /** 0 is the first. */
  readonly month: number;
  readonly spend: Money;
  /** What pools paid, by name. */
  readonly paid: Readonly<Record<string, Money>>;
  readonly cash: Money;
}

/** How pools were used up. */
export interface CreditSchedule {
  readonly months: readonly CreditMonth[];
  /** What is left in each pool, or was when it expired. */
  readonly left: ReadonlyMap<string, Money>;
  /** When a usage that a pool could pay is first paid in cash; `undefined`: not within the months looked at. */
  readonly endsAt: number | undefined;
  /** When anything is first paid in cash; `undefined`: not within the months looked at. */
  readonly cashFrom: number | undefined;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const startOf = ({ startsInMonths = 0 }: CreditPool): number => startsInMonths;
const endOf = ({ expiresInMonths = Number.POSITIVE_INFINITY }: CreditPool): number => expiresInMonths;
const breadthOf = ({ eligible }: CreditPool): number => eligible?.length ?? Number.POSITIVE_INFINITY;

/**
 * The order in which AWS applies credits: the soonest to expire, then the one with the fewest eligible services, then
 * the oldest (here: the first to start, then the first in the list).
 */
export function orderOfCredits(pools: readonly CreditPool[]): CreditPool[] {
  const byNumber = (one: number, other: number): number => (one === other ? 0 : one < other ? -1 : 1);
  return [...pools].sort(
    (one, other) =>
      byNumber(endOf(one), endOf(other)) ||
      byNumber(breadthOf(one), breadthOf(other)) ||
      byNumber(startOf(one), startOf(other)),
  );
}

/** Lets usages run against pools, month by month; within a month spending is even. */
export function creditSchedule(
  pools: readonly CreditPool[],
  usages: readonly CreditUsage[],
  growthPerMonth: number,
  monthCount: number,
): CreditSchedule {
  const ordered = orderOfCredits(pools);
  const left = new Map(ordered.map(({ name, usd }) => [name, moneyOf(usd)]));
  const couldPay = (pool: CreditPool, usage: string): boolean => pool.eligible?.includes(usage) ?? true;
  const rates = usages.map((usage) => ({
    name: usage.name,
    perMonth: moneyOf(usage.usdPerMonth),
    growth: 1 + (usage.growthPerMonth ?? growthPerMonth),
  }));
  const months: CreditMonth[] = [];
  let endsAt: number | undefined;
  let cashFrom: number | undefined;
  for (let month = 0; month < monthCount; month += 1) {
    const paid: Record<string, Money> = {};
    let [spend, cash] = [Money.zero, Money.zero];
    for (const span of spansOf(month, ordered)) {
      const needs = rates
        .map(({ name, perMonth, growth }) => ({
          name,
          left: scaleMoney(perMonth, growth ** month * (span.to - span.from)),
        }))
        // AWS applies a credit to the largest charge first.
        .sort((one, other) => other.left.compare(one.left));
      const total = Money.sum(needs.map((need) => need.left));
      const eligible = needs.filter(({ name }) => pools.some((pool) => couldPay(pool, name)));
      const eligibleTotal = Money.sum(eligible.map((need) => need.left));
      for (const pool of ordered) {
        if (startOf(pool) > span.from || endOf(pool) < span.to) continue;
        for (const need of needs) {
          if (!couldPay(pool, need.name)) continue;
          const balance = left.get(pool.name)!;
          const amount = balance.compare(need.left) < 0 ? balance : need.left;
          if (amount.picoUsd === 0n) continue;
          left.set(pool.name, balance.minus(amount));
          need.left = need.left.minus(amount);
          paid[pool.name] = (paid[pool.name] ?? Money.zero).plus(amount);
        }
      }
      const unpaid = Money.sum(needs.map((need) => need.left));
      const unpaidEligible = Money.sum(eligible.map((need) => need.left));
      endsAt ??= timeOf(span, eligibleTotal, unpaidEligible);
      cashFrom ??= unpaid.minus(unpaidEligible).picoUsd > 0n ? span.from : timeOf(span, total, unpaid);
      spend = spend.plus(total);
      cash = cash.plus(unpaid);
    }
    months.push({ month, spend, paid, cash });
    const isOver = ordered.every((pool) => left.get(pool.name)!.picoUsd === 0n || endOf(pool) <= month + 1);
    if (isOver && endsAt !== undefined && Object.keys(paid).length === 0) break;
  }
  return { months, left, endsAt, cashFrom };
}

/** When in a span the credits ran out: spending is even, so after the share of it that they paid. */
function timeOf({ from, to }: Span, total: Money, unpaid: Money): number | undefined {
  if (unpaid.picoUsd === 0n) return undefined;
  return from + (to - from) * (Number(total.minus(unpaid).picoUsd) / Number(total.picoUsd));
}

/** A month, cut where a pool starts or expires. */
function spansOf(month: number, pools: readonly CreditPool[]): Span[] {
  const cuts = pools
    .flatMap((pool) => [startOf(pool), endOf(pool)])
    .filter((at) => at > month && at < month + 1);
  const edges = [...new Set([month, ...cuts, month + 1])].sort((one, other) => one - other);
  return edges.slice(1).map((to, index) => ({ from: edges[index]!, to }));
}
