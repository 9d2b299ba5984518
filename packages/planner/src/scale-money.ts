import { Money } from '@costkit/pricing';

const FRACTION = 1_000_000_000_000;

/** An amount times any number that is not negative: exact in its whole part, rounded to the pico-dollar in the rest. */
export function scaleMoney(amount: Money, factor: number): Money {
  const whole = Math.floor(factor);
  const fraction = BigInt(Math.round((factor - whole) * FRACTION));
  const scaled = amount.picoUsd * fraction;
  const half = BigInt(FRACTION / 2);
  const rounded = (scaled + (scaled < 0n ? -half : half)) / BigInt(FRACTION);
  return Money.fromPicoUsd(amount.picoUsd * BigInt(whole) + rounded);
}

/** An amount divided by a whole number above 0, rounded down to the pico-dollar. */
export function divideMoney(amount: Money, by: number): Money {
  return Money.fromPicoUsd(amount.picoUsd / BigInt(by));
}

/** The sum, or `undefined` when one amount is unknown: a part that nobody knows makes the whole unknown. */
export function sumOfKnown(amounts: Iterable<Money | undefined>): Money | undefined {
  const known: Money[] = [];
  for (const amount of amounts) {
    if (amount === undefined) return undefined;
    known.push(amount);
  }
  return Money.sum(known);
}

/** The smallest amount that is known, or `undefined` when none is. */
export function cheapest(amounts: Iterable<Money | undefined>): Money | undefined {
  let least: Money | undefined;
  for (const amount of amounts) {
    if (amount !== undefined && (least === undefined || amount.compare(least) < 0)) least = amount;
  }
  return least;
}

/** `amount` as a share of `of`; 0 of 0 is 0. */
export function shareOf(amount: Money, of: Money): number {
  return of.picoUsd === 0n ? 0 : Number(amount.picoUsd) / Number(of.picoUsd);
}
