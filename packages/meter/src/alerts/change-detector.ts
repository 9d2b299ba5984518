/** A change as far as it has gone. */
export interface Change {
  /** When it began: the last moment at which nothing was wrong. */
  readonly sinceMs: number;
  /** Mean of the values since then, by weight. */
  readonly mean: number;
  /** Mean of what was expected since then, by weight. */
  readonly expected: number;
  /** Dollars spent since then. */
  readonly usd: number;
}

/** What one slot says. */
interface Observation {
  /** When the slot began. */
  readonly startedAtMs: number;
  /** How far the value is above what is expected and allowed, in standard deviations. */
  readonly score: number;
  readonly value: number;
  readonly expected: number;
  /** Calls behind the value. */
  readonly weight: number;
  readonly usd: number;
}

/** Finds the moment from which values are higher than they should be. */
export interface ChangeDetector {
  add(observation: Observation): void;
  /** The change, while there is evidence enough for one. */
  readonly change: Change | undefined;
  /** Forgets what it has seen. */
  clear(): void;
}

/** The score that every slot is given for free. Half of the smallest shift to be found, as CUSUM theory has it. */
const ALLOWANCE = 0.5;
/** What one slot may add: a single wild slot is no change. */
const MOST_OF_ONE_SLOT = 5;
/** Evidence that makes a change. */
export const LIMIT = 8;

/**
 * Page's one-sided CUSUM: S ← max(0, S + score − ½), a change where S > 8. For scores that are independent and normal,
 * Siegmund's approximation (e^(2k·b) − 2k·b − 1) / 2k² with k = ½ and b = 8 + 1.166 gives 19,000 slots of five
 * minutes between false alarms, nine weeks; the allowance for changes too small to matter, which the caller has taken
 * off the score, makes them rarer. A shift by s standard deviations is found after about 8 / (s − ½) slots. S stops at
 * twice the limit, so that the end of a change is seen as fast as its beginning.
 */
export function changeDetector(): ChangeDetector {
  let sum = 0;
  let sinceMs = 0;
  let weight = 0;
  let values = 0;
  let expectations = 0;
  let usd = 0;

  const clear = (): void => {
    sum = 0;
    weight = 0;
    values = 0;
    expectations = 0;
    usd = 0;
  };

  return {
    add: (observation) => {
      const step = Math.min(observation.score, MOST_OF_ONE_SLOT) - ALLOWANCE;
      if (sum + step <= 0) {
        clear();
        return;
      }
      if (sum === 0) sinceMs = observation.startedAtMs;
      sum = Math.min(sum + step, 2 * LIMIT);
      weight += observation.weight;
      values += observation.value * observation.weight;
      expectations += observation.expected * observation.weight;
      usd += observation.usd;
    },
    get change() {
      return sum > LIMIT
        ? { sinceMs, mean: values / weight, expected: expectations / weight, usd }
        : undefined;
    },
    clear,
  };
}
