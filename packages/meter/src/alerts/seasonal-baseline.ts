import { medianOf } from './median.js';
import { robustScale } from './robust-scale.js';

/** What a figure usually is at an hour of the week. */
export interface SeasonalBaseline {
  /** Takes the figure of a finished hour. */
  learn(hourOfWeek: number, value: number): void;
  /** The figure that an hour of the week should have; `undefined` before the first finished hour. */
  expect(hourOfWeek: number): number | undefined;
  /** Finished hours so far. */
  readonly hours: number;
}

export const HOURS_OF_WEEK = 168;
const HOURS_OF_DAY = 24;
const WEEKS = 4;
const DAYS = 7;
/** Values that the spreads remember: about two weeks of hours. */
const MEMORY = 336;

/** The latest values of each bucket, oldest overwritten first. */
interface Buckets {
  add(bucket: number, value: number): void;
  /** Copies of the values of one bucket. */
  of(bucket: number): Float32Array;
  all(): Float32Array;
}

function bucketsOf(count: number, depth: number): Buckets {
  const values = new Float32Array(count * depth).fill(Number.NaN);
  const taken = new Uint32Array(count);
  return {
    add: (bucket, value) => {
      const before = taken[bucket] as number;
      values[bucket * depth + (before % depth)] = value;
      taken[bucket] = before + 1;
    },
    of: (bucket) => {
      const start = bucket * depth;
      return values.slice(start, start + Math.min(taken[bucket] as number, depth));
    },
    all: () => values.filter((value) => !Number.isNaN(value)),
  };
}

/** One step of the hierarchy: how much a bucket's own median is worth beside what stands above it. */
interface Shrinkage {
  /** Looks at a value before it joins its bucket. */
  learn(own: Float32Array, prior: number, value: number): void;
  combine(own: Float32Array, prior: number): number;
}

/**
 * Empirical Bayes for a median of n values: level ~ N(prior, τ²), value ~ N(level, v). The posterior mean gives the
 * bucket the weight n / (n + v/τ²). A new value's distance to its bucket's median has the variance v·(1 + 1/n); the
 * median's distance to the prior has τ² + v/n. Both are seen with every value, so v and τ² need not be guessed.
 */
function shrinkage(): Shrinkage {
  const within = robustScale(MEMORY);
  let betweenSquares = 0;
  let count = 0;
  return {
    learn: (own, prior, value) => {
      const { length } = own;
      if (length === 0) return;
      const median = medianOf(own);
      within.add((value - median) * Math.sqrt(length / (length + 1)));
      count += 1;
      const square = (median - prior) ** 2 - within.sigma ** 2 / length;
      betweenSquares += (square - betweenSquares) / Math.min(count, MEMORY);
    },
    combine: (own, prior) => {
      const { length } = own;
      if (length === 0) return prior;
      const noise = within.sigma ** 2;
      // Before two values of any bucket could be compared, a bucket counts as much as what stands above it.
      const ratio = count === 0 ? 1 : betweenSquares <= 0 ? Number.POSITIVE_INFINITY : noise / betweenSquares;
      const weight = length / (length + ratio);
      return prior + weight * (medianOf(own) - prior);
    },
  };
}

/**
 * A baseline in three steps: all hours of the last week, the same hour of its days, the same hour of the last
 * four weeks. Each step is the median of its values, drawn to the step above by as much as its values scatter
 * (see `shrinkage`), so that one bad day does not become next week's normal, and a figure that knows no hours is
 * averaged over all of them. Takes 3.4 kB.
 */
export function seasonalBaseline(): SeasonalBaseline {
  let weeks: Buckets | undefined;
  let days: Buckets | undefined;
  const ofWeek = shrinkage();
  const ofDay = shrinkage();
  let hours = 0;

  /** The step above all others; sorted once for each hour that is learned. */
  let pooled = Number.NaN;

  const dayLevel = (hourOfWeek: number, ofDays: Buckets): number =>
    ofDay.combine(ofDays.of(hourOfWeek % HOURS_OF_DAY), pooled);

  return {
    learn: (hourOfWeek, value) => {
      const hourOfDay = hourOfWeek % HOURS_OF_DAY;
      // Most of many scopes are seen once: the first hour allocates nothing before it is over.
      weeks ??= bucketsOf(HOURS_OF_WEEK, WEEKS);
      days ??= bucketsOf(HOURS_OF_DAY, DAYS);
      if (hours > 0) {
        ofDay.learn(days.of(hourOfDay), pooled, value);
        ofWeek.learn(weeks.of(hourOfWeek), dayLevel(hourOfWeek, days), value);
      }
      days.add(hourOfDay, value);
      weeks.add(hourOfWeek, value);
      pooled = medianOf(days.all());
      hours += 1;
    },
    expect: (hourOfWeek) =>
      days === undefined || weeks === undefined
        ? undefined
        : ofWeek.combine(weeks.of(hourOfWeek), dayLevel(hourOfWeek, days)),
    get hours() {
      return hours;
    },
  };
}
