import { checkOptions, InvalidOptionError, Money } from '@costkit/core';
import { isTimeZone } from '../is-time-zone.js';
import { localTime, periodBounds } from '../period-bounds.js';
import type { MeterReport } from '../report-groups.js';

/** What {@link forecastMonth} takes. */
export interface ForecastMonthOptions {
  /** The moment up to which the report goes. @defaultValue now */
  readonly now?: Date;
  /** Time zone of the report's days. @defaultValue `"UTC"` */
  readonly timeZone?: string;
}

/** What a month will have cost when it ends. */
export interface MonthForecast {
  /** `2026-11` */
  readonly month: string;
  /** In the month so far, today included. */
  readonly spent: Money;
  /** What the month is expected to cost; `undefined` with too few days. */
  readonly expected: Money | undefined;
  /** Lower end of the interval that holds the month's cost in 9 of 10 cases, never less than what is spent. */
  readonly low: Money | undefined;
  /** Upper end of that interval. */
  readonly high: Money | undefined;
  /** What the remaining days are taken to cost: as the same days of the week did, or as the mean of all days. */
  readonly method: 'weekdays' | 'mean' | 'too few days';
  /** Complete days that it rests on, at most the last 28. */
  readonly days: number;
  /** Calls whose price is unknown, in the days that count: they are in no amount. */
  readonly unpriced: number;
}

const MAX_DAYS = 28;
const MIN_DAYS = 7;
/** From two of each day of the week on, these are told apart. */
const MIN_DAYS_FOR_WEEKDAYS = 14;
const DAY_MS = 86_400_000;

/** Student's t at 95 %, so that 90 % lie between its negative and itself, from 6 degrees of freedom on. */
const T_95 = [
  1.943, 1.895, 1.86, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753, 1.746, 1.74, 1.734, 1.729, 1.725,
  1.721,
];
const T_95_FROM = 6;

const dayAfter = (day: string, count = 1): string =>
  new Date(Date.parse(day) + count * DAY_MS).toISOString().slice(0, 10);
const weekdayOf = (day: string): number => new Date(day).getUTCDay();
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

interface DayCost {
  readonly day: string;
  readonly usd: number;
}

/** A day that is still to come, or the rest of today as a share of it. */
interface RestDay {
  readonly day: string;
  readonly share: number;
}

/** Mean and variance of what the rest will cost. */
function forecastRest(
  past: readonly DayCost[],
  rest: readonly RestDay[],
): { readonly usd: number; readonly halfWidth: number } {
  const groupOf = past.length >= MIN_DAYS_FOR_WEEKDAYS ? weekdayOf : (): number => 0;
  const groups = new Map<number, number[]>();
  for (const { day, usd } of past) groups.set(groupOf(day), [...(groups.get(groupOf(day)) ?? []), usd]);
  let [usd, squares, weightOfVariance] = [0, 0, 0];
  for (const [group, costs] of groups) {
    const mean = sum(costs) / costs.length;
    squares += sum(costs.map((cost) => (cost - mean) ** 2));
    const shares = rest.filter(({ day }) => groupOf(day) === group).map(({ share }) => share);
    usd += mean * sum(shares);
    // Each day varies by itself, and the mean is one of a sample.
    weightOfVariance += sum(shares.map((share) => share ** 2)) + sum(shares) ** 2 / costs.length;
  }
  const degrees = past.length - groups.size;
  const t = T_95[degrees - T_95_FROM] ?? Number.NaN;
  return { usd, halfWidth: t * Math.sqrt((squares / degrees) * weightOfVariance) };
}

/**
 * What the current month will have cost at its end: what is spent, plus the days that remain at what the last 28
 * complete days say. With 14 days or more, each remaining day costs what its day of the week did on average; with 7 to
 * 13 it costs the mean of all; with fewer there is no forecast. Days without a call cost $0; the first day of the
 * records is left out, because they may have begun in the middle of it. The interval is a 90 % prediction interval of
 * independent days (Student's t over the days' deviations from those means): a trend, a launch or a campaign is not in
 * it.
 *
 * @param report - by `day`, and by whatever else.
 * @throws `InvalidOptionError` for a report that is not by day, and for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * const { expected, low, high } = forecastMonth(meter.report({ by: ['day'] }));
 * console.log(`${expected} (${low} to ${high})`);
 * ```
 */
export function forecastMonth(report: MeterReport, options: ForecastMonthOptions = {}): MonthForecast {
  checkOptions<ForecastMonthOptions>('meter', options, {
    now: (value) =>
      value instanceof Date && !Number.isNaN(value.getTime()) ? undefined : 'must be a valid Date',
    timeZone: isTimeZone,
  });
  if (!report.by.includes('day')) throw new InvalidOptionError('meter', 'report', 'must be by "day"');
  const { now = new Date(), timeZone = 'UTC' } = options;
  const dayOf = (atMs: number): string => localTime(atMs, timeZone).slice(0, 10);
  const today = dayOf(now.getTime());
  const month = today.slice(0, 7);

  const costs = new Map<string, Money>();
  const unpricedOn = new Map<string, number>();
  for (const { group, cost, unpriced } of report.rows) {
    const day = group['day'] ?? '';
    costs.set(day, (costs.get(day) ?? Money.zero).plus(cost));
    unpricedOn.set(day, (unpricedOn.get(day) ?? 0) + unpriced);
  }

  const firstDay = report.since === undefined ? today : dayAfter(dayOf(report.since.getTime()));
  const past: DayCost[] = [];
  for (let day = dayAfter(today, -1); day >= firstDay && past.length < MAX_DAYS; day = dayAfter(day, -1))
    past.push({ day, usd: (costs.get(day) ?? Money.zero).usd });

  const isOfMonth = (day: string): boolean => day.startsWith(month) && day <= today;
  const spent = Money.sum([...costs].flatMap(([day, cost]) => (isOfMonth(day) ? [cost] : [])));
  const counted = new Set(past.map(({ day }) => day));
  const unpriced = sum(
    [...unpricedOn].flatMap(([day, count]) => (isOfMonth(day) || counted.has(day) ? [count] : [])),
  );
  const known = { month, spent, days: past.length, unpriced };
  if (past.length < MIN_DAYS)
    return { ...known, expected: undefined, low: undefined, high: undefined, method: 'too few days' };

  const { startsAt, endsAt } = periodBounds('day', now.getTime(), timeZone);
  const rest: RestDay[] = [{ day: today, share: (endsAt - now.getTime()) / (endsAt - startsAt) }];
  for (let day = dayAfter(today); day.startsWith(month); day = dayAfter(day)) rest.push({ day, share: 1 });
  const { usd, halfWidth } = forecastRest(past, rest);
  return {
    ...known,
    expected: spent.plus(Money.fromUsd(usd)),
    low: spent.plus(Money.fromUsd(Math.max(0, usd - halfWidth))),
    high: spent.plus(Money.fromUsd(usd + halfWidth)),
    method: past.length >= MIN_DAYS_FOR_WEEKDAYS ? 'weekdays' : 'mean',
  };
}
