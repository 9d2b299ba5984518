import { probabilityOf } from './linear-head.js';

/** From a gain to a probability. The slope is above 0, so that the order stays. */
export interface Calibration {
  readonly slope: number;
  readonly intercept: number;
}

const STEPS = 25;
const MIN_SLOPE = 0.1;
/** Keeps the slope finite where the gains separate the outcomes. */
const RIDGE = 0.01;

/** Platt scaling: the logistic curve through outcomes, by Newton's method. */
export function calibrate(gains: readonly number[], outcomes: readonly number[]): Calibration {
  let slope = 4;
  let intercept = 0;
  for (let step = 0; step < STEPS; step += 1) {
    let [g0, g1, h00, h01, h11] = [RIDGE * slope, 0, RIDGE, 0, 1e-9];
    gains.forEach((gain, at) => {
      const probability = probabilityOf(slope * gain + intercept);
      const error = probability - outcomes[at]!;
      const curvature = probability * (1 - probability);
      g0 += error * gain;
      g1 += error;
      h00 += curvature * gain * gain;
      h01 += curvature * gain;
      h11 += curvature;
    });
    const determinant = h00 * h11 - h01 * h01;
    if (!(determinant > 1e-12)) break;
    const bounded = (value: number): number => Math.max(-2, Math.min(2, value));
    slope = Math.max(MIN_SLOPE, slope - bounded((h11 * g0 - h01 * g1) / determinant));
    intercept -= bounded((h00 * g1 - h01 * g0) / determinant);
  }
  return { slope, intercept };
}
