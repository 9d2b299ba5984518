import { Money } from '@costkit/core';

/** Pico-dollars as a number of dollars, for messages. */
export function usdOf(picoUsd: bigint): number {
  return Money.fromPicoUsd(picoUsd).usd;
}
