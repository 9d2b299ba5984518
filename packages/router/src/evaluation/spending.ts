import { Money } from '@costkit/core';

/** Keeps an evaluation within its limit: what is on its way counts with the most that it can cost. */
export interface Spending {
  /** Paid so far. */
  readonly spent: Money;
  /**
   * Waits until there is room for a call that costs `highest` at most; one after the other, so that a cheap call does not
   * overtake what it is to be compared with.
   *
   * @returns `false` where there is none although nothing is on its way, and from then on.
   */
  reserve(highest: Money): Promise<boolean>;
  /** A call that was reserved has cost `paid`. */
  settle(highest: Money, paid: Money): void;
}

/** @param limit - `undefined`: everything has room. */
export function createSpending(already: Money, limit: Money | undefined): Spending {
  let spent = already;
  let reserved = Money.zero;
  let onTheirWay = 0;
  let wake: (() => void)[] = [];
  const hasRoom = (highest: Money): boolean =>
    limit === undefined || spent.plus(reserved).plus(highest).compare(limit) <= 0;
  let isFull = false;
  const findRoom = async (highest: Money): Promise<boolean> => {
    while (!isFull && !hasRoom(highest)) {
      if (onTheirWay === 0) isFull = true;
      else await new Promise<void>((resolve) => wake.push(resolve));
    }
    if (isFull) return false;
    reserved = reserved.plus(highest);
    onTheirWay += 1;
    return true;
  };
  let queue: Promise<unknown> = Promise.resolve();
  return {
    get spent() {
      return spent;
    },
    reserve: (highest) => {
      const room = queue.then(() => findRoom(highest));
      queue = room;
      return room;
    },
    settle: (highest, paid) => {
      reserved = reserved.minus(highest);
      spent = spent.plus(paid);
      onTheirWay -= 1;
      const waiting = wake;
      wake = [];
      for (const resume of waiting) resume();
    },
  };
}
