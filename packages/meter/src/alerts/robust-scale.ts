/** How far values usually are from where they are expected, in constant memory. */
export interface RobustScale {
  /** Takes one deviation, whatever its sign. */
  add(deviation: number): void;
  /** The standard deviation of a normal distribution with the same mean deviation; 0 before the first one. */
  readonly sigma: number;
}

/** A normal distribution's mean absolute deviation is √(2/π) of its standard deviation. */
const MEAN_DEVIATION_OF_NORMAL = Math.sqrt(2 / Math.PI);

/** A single deviation counts at most as much as this many usual ones. */
const MOST_OF_ONE = 4;

/** The first deviations are averaged plainly: what is usual is not known yet. */
const PLAIN = 12;

/**
 * An exponentially weighted mean of absolute deviations, each of them clipped at four times the mean so far: one wild
 * value in a thousand moves it by four thousandths. The mean is taken, not the median, because more than half of
 * the slots of a quiet scope are empty, and their median deviation is 0.
 *
 * @param memory - how many of the latest deviations count
 */
export function robustScale(memory: number): RobustScale {
  let count = 0;
  let mean = 0;
  return {
    add: (deviation) => {
      const size = Math.abs(deviation);
      count += 1;
      const clipped = count > PLAIN && mean > 0 ? Math.min(size, MOST_OF_ONE * mean) : size;
      mean += (clipped - mean) / Math.min(count, memory);
    },
    get sigma() {
      return mean / MEAN_DEVIATION_OF_NORMAL;
    },
  };
}
