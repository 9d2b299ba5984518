import { Money } from '@costkit/core';

/** What may still be spent of a limit. */
export interface Purse {
  /** Books what an answer has cost; `undefined`: nobody knows, so that nothing more can be promised. */
  spend(cost: Money | undefined): void;
  /** Holds the worst case of a request, where there is room for it. @returns whether there was. */
  hold(worst: Money | undefined): boolean;
  /** Gives back what was held, and books what it has cost instead. */
  settle(worst: Money | undefined, cost: Money | undefined): void;
}

/** A purse with a limit; without one there is always room. */
export function createPurse(limit: Money | undefined): Purse {
  let left = limit;
  let isKnown = true;
  return {
    spend: (cost) => {
      if (cost === undefined) isKnown = false;
      else left = left?.minus(cost);
    },
    hold: (worst) => {
      if (left === undefined) return true;
      if (!isKnown || worst === undefined || worst.compare(left) > 0) return false;
      left = left.minus(worst);
      return true;
    },
    settle: (worst, cost) => {
      // Where nobody knows what it has cost, the worst case counts.
      if (cost !== undefined) left = left?.plus(worst ?? Money.zero).minus(cost);
    },
  };
}
