/** How far whole hours are off their baseline beyond what the draw of their calls explains. */
export interface PersistentNoise {
  /**
   * @param deviation - of the hour's mean from its baseline
   * @param chance - the standard deviation of that mean, were its calls independent
   * @param unit - what the noise is in proportion to
   */
  add(deviation: number, chance: number, unit: number): void;
  /** The noise's standard deviation where the unit is this. */
  sigma(unit: number): number;
}

const HOURS_REMEMBERED = 168;
/** A single hour counts at most as much as one so many standard deviations off. */
const MOST_OF_ONE = 3;
/** The first hours are averaged plainly. */
const PLAIN = 12;

/**
 * A method of moments: the variance of an hour's mean is that of busy and quiet days, which is sought, and that of
 * chance, which is known. Busy days last for hours: to a test that adds up slot after slot they would look like a
 * change, while chance evens out. As a ratio of sums, hours in which the noise shows count most.
 */
export function persistentNoise(): PersistentNoise {
  let count = 0;
  let squares = 0;
  let units = 0;
  const variance = (): number => (units === 0 ? 0 : Math.max(0, squares / units));
  return {
    add: (deviation, chance, unit) => {
      count += 1;
      const usual = variance() * unit ** 2 + chance ** 2;
      const square = count > PLAIN ? Math.min(deviation ** 2, MOST_OF_ONE ** 2 * usual) : deviation ** 2;
      const share = 1 / Math.min(count, HOURS_REMEMBERED);
      squares += (square - chance ** 2 - squares) * share;
      units += (unit ** 2 - units) * share;
    },
    sigma: (unit) => Math.sqrt(variance()) * unit,
  };
}
