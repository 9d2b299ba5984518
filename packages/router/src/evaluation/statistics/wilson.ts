import { normalQuantile } from './normal.js';

/** Two ends; shares or grades are 0 to 1, losses −1 to 1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Wilson's interval for a share, two-sided. */
export function wilsonInterval(hits: number, trials: number, confidence: number): Interval {
  const z2 = normalQuantile(0.5 + confidence / 2) ** 2;
  const share = hits / trials;
  const centre = (share + z2 / (2 * trials)) / (1 + z2 / trials);
  const half =
    (Math.sqrt(z2) / (1 + z2 / trials)) *
    Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials * trials));
  return { low: hits === 0 ? 0 : centre - half, high: hits === trials ? 1 : centre + half };
}
