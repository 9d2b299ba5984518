import type { CallState } from './call-state.js';
import type { Lever } from './lever.js';
import type { AttemptPurpose } from './receipt.js';
import type { RequestView } from './request-view.js';
import type { HandlerArguments } from './sdk.js';
import { type CoreSettings, DEFAULT_SETTINGS } from './settings.js';
import type { Transmission } from './transmission.js';

/**
 * What travels with one call from middleware to middleware: a symbol key on the handler arguments. Not the
 * input (it is the caller's), not the context and not a closure (with `cacheMiddleware` they serve all calls).
 */
export interface Travel {
  readonly levers: readonly Lever[];
  readonly settings: CoreSettings;
  /** Set by the receipt slot; absent for commands that costkit does not know. */
  readonly call?: CallState | undefined;
  readonly view?: RequestView | undefined;
  readonly purpose?: AttemptPurpose | undefined;
  /** Set by the attempt slot, for what follows in the SDK's retry loop. */
  readonly transmission?: Transmission | undefined;
}

const TRAVEL = Symbol.for('costkit.travel');

const NO_TRAVEL: Travel = { levers: [], settings: DEFAULT_SETTINGS };

export function travelOf(args: HandlerArguments): Travel {
  return (args[TRAVEL] as Travel | undefined) ?? NO_TRAVEL;
}

/** The arguments for the next middleware; the input changes only when a view is given. */
export function withTravel(args: HandlerArguments, travel: Travel): HandlerArguments {
  // Not by spreading, which takes seven times as long where there are symbols among the keys.
  return Object.assign({}, args, { input: travel.view?.input ?? args.input, [TRAVEL]: travel });
}
