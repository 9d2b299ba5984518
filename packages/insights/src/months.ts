import { Money } from '@costkit/core';

/** Days of a month on average. */
export const DAYS_PER_MONTH = 30.4375;

/** Scales what was seen in `days` to a month, rounded to whole pico-dollars. */
export function perMonth(picoUsd: bigint, days: number): Money {
  return Money.fromPicoUsd(
    (picoUsd * BigInt(Math.round(DAYS_PER_MONTH * 10_000))) / BigInt(Math.round(days * 10_000)),
  );
}

/** The part of a month's dollars that falls on `days`, in whole pico-dollars. */
export function inSpan(monthly: Money, days: number): bigint {
  return (monthly.picoUsd * BigInt(Math.round(days * 10_000))) / BigInt(Math.round(DAYS_PER_MONTH * 10_000));
}
