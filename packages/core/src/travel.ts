import type { CallState } from './call-state.js';
import type { Lever } from './lever.js';
import type { AttemptPurpose } from './receipt.js';
import type { RequestView } from './request-view.js';
import type { HandlerArguments } from './sdk.js';
import { type CoreSettings, DEFAULT_SETTINGS } from './settings.js';

/**
 * What travels with one call from middleware to middleware: a symbol key on the handler arguments. Not the
 * input (it is the caller's), not the context and not a closure (with `cacheMiddleware` they serve all calls).
 */
export interface Travel {
  readonly levers: readonly Lever[];
  readonly settings: CoreSettings;
  /** Set by the receipt slot; absent for commands that costkit does not know. */
  readonly call?: CallState;
  readonly view?: RequestView;
  readonly purpose?: AttemptPurpose;
}

const TRAVEL = Symbol.for('costkit.travel');

const NOTHING: Travel = { levers: [], settings: DEFAULT_SETTINGS };

export function travelOf(args: HandlerArguments): Travel {
  return (args[TRAVEL] as Travel | undefined) ?? NOTHING;
}

/** The arguments for the next middleware; the input changes only when a view is given. */
export function withTravel(args: HandlerArguments, travel: Travel): HandlerArguments {
  return { ...args, input: travel.view?.input ?? args.input, [TRAVEL]: travel };
}
