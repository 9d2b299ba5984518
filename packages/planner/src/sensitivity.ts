import type { Money } from '@costkit/pricing';
import type { Sensitivity } from './plan.js';

/** Half and double: far enough to show whether an input matters. */
const FACTORS: readonly number[] = [0.5, 2];

/** One input and how the inputs look when it is multiplied. */
export interface Variation<Inputs> {
  readonly input: string;
  /** @defaultValue 0.5 and 2 */
  readonly factors?: readonly number[];
  times(factor: number): Inputs;
}

/** What the headline becomes when one input at a time is otherwise. */
export function sensitivityOf<Inputs>(
  variations: readonly Variation<Inputs>[],
  headlineOf: (inputs: Inputs) => Money | number | undefined,
): Sensitivity[] {
  return variations.flatMap(({ input, factors = FACTORS, times }) =>
    factors.map((factor) => {
      const headline = headlineOf(times(factor));
      if (headline === undefined) return { input, factor };
      return {
        input,
        factor,
        ...(typeof headline === 'number' ? { value: headline } : { amount: headline }),
      };
    }),
  );
}
