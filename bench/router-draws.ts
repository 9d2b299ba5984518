/**
 * Intervals by drawing records anew (bootstrap). A draw is how often each record is in it, so that what is sorted once
 * need not be sorted again for each of a thousand draws.
 * @module
 */
import { seededRandom } from '../packages/router/src/evaluation/seeded-random.js';

const DRAWS = 1_000;

/** How often each record is in one draw. */
export type Draw = Uint8Array;

/** All records, and draws of as many. */
export interface Draws {
  readonly all: Draw;
  readonly drawn: readonly Draw[];
}

/** A figure with its interval of 95 %. */
export interface Estimate {
  readonly value: number;
  readonly interval95: readonly [number, number];
}

/** Draws of so many records; the same for the same number, so that differences are taken on the same draws. */
export function drawsOf(records: number): Draws {
  const random = seededRandom(7);
  const drawn = Array.from({ length: DRAWS }, () => {
    const draw = new Uint8Array(records);
    for (let one = 0; one < records; one += 1) draw[Math.floor(random() * records)]! += 1;
    return draw;
  });
  return { all: new Uint8Array(records).fill(1), drawn };
}

/** A statistic of all records, with the interval that draws of them give. */
export function estimate({ all, drawn }: Draws, statistic: (draw: Draw) => number): Estimate {
  const values = Float64Array.from(drawn, statistic).sort();
  const at = (share: number): number => values[Math.floor(share * values.length)] as number;
  return { value: statistic(all), interval95: [at(0.025), at(0.975)] };
}

/** The mean of a value over a draw. */
export function meanIn(draw: Draw, values: ArrayLike<number>): number {
  let [sum, count] = [0, 0];
  for (let at = 0; at < draw.length; at += 1) {
    const times = draw[at] as number;
    sum += times * (values[at] as number);
    count += times;
  }
  return sum / count;
}
