import type { Lever } from '@costkit/core';
import { holdOut } from '@costkit/core/hold-out';
import { callLimits } from './call-limits.js';
import { limitLever } from './limit-lever.js';
import type { OutputLimitSettings } from './output-limit-options.js';
import { repairLever } from './repair-lever.js';
import { throttledModels } from './throttled-models.js';

/** Other levers hold out other calls. */
const HOLD_OUT_SEED = 0x0c4b;

/** The levers of a client that bear on answers: they share what they know of a call. */
export interface LimitLevers {
  /** Sets caps and asks for brevity. */
  readonly limit: Lever;
  /** Completes answers that our own cap has cut. */
  readonly repair: Lever;
}

/** Makes the levers, for options that were checked when the plugin was built. */
export function createLimitLevers(settings: OutputLimitSettings): LimitLevers {
  const limitsOf = callLimits();
  const throttled = throttledModels();
  return {
    limit: limitLever(settings, { limitsOf, throttled, holdOut: holdOut(settings.holdOut, HOLD_OUT_SEED) }),
    repair: repairLever(settings.mode, { limitsOf, throttled, repairs: settings.repair }),
  };
}
