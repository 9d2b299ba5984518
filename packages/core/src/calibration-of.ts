import { type Calibration, createCalibration } from '@costkit/tokens';
import type { CoreSettings } from './settings.js';

// The settings of a client are put together anew with every plugin, but they keep the function that tells its Region.
const own = new WeakMap<CoreSettings['region'], Calibration>();

/** The calibration that was given, else the client's own. */
export function calibrationOf({ calibration, region }: CoreSettings): Calibration {
  if (calibration !== undefined) return calibration;
  let known = own.get(region);
  if (known === undefined) {
    known = createCalibration();
    own.set(region, known);
  }
  return known;
}
