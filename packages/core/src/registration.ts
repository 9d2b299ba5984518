import type { Lever } from './lever.js';
import type { Handler, Middleware } from './sdk.js';
import type { CoreSettings } from './settings.js';
import { type Travel, travelOf, withTravel } from './travel.js';

/** Levers and settings of the plugins on a stack, outermost first. */
interface Registered {
  readonly levers: readonly Lever[];
  readonly settings: Partial<CoreSettings>;
}

const NONE: Registered = { levers: [], settings: {} };

const joined = (outer: Registered, inner: Registered): Registered => ({
  levers: [...outer.levers, ...inner.levers],
  settings: { ...outer.settings, ...inner.settings },
});

/** Remembers what a function made of an object: the same for every call, so that it is made once. */
function remembering<In extends object, Out>(make: (from: In) => Out): (from: In) => Out {
  const made = new WeakMap<In, Out>();
  return (from) => {
    let out = made.get(from);
    if (out === undefined) {
      out = make(from);
      made.set(from, out);
    }
    return out;
  };
}

const ADOPT = Symbol.for('costkit.adopt');

/** A handler that takes registrations while the SDK puts the middleware together: no call pays for them. */
type AdoptingHandler = Handler & { [ADOPT]?: (add: (inner: Registered) => Registered) => void };

/** Makes levers and settings known to the receipt slot. What runs them is one dispatcher for each slot. */
export function register(levers: readonly Lever[], settings: Partial<CoreSettings>): Middleware {
  const own: Registered = { levers, settings };
  const addTo = remembering((inner: Registered) => joined(own, inner));
  const extend = remembering(
    (travel: Travel): Travel => ({
      levers: [...travel.levers, ...levers],
      settings: { ...travel.settings, ...settings },
    }),
  );
  return (next) => {
    const adopt = (next as AdoptingHandler)[ADOPT];
    if (adopt === undefined) {
      // Somebody else's middleware stands between: what is registered travels with the call.
      return (args) => next(withTravel(args, extend(travelOf(args))));
    }
    adopt(addTo);
    return next;
  };
}

const travelWith = remembering((registered: Registered) =>
  remembering(
    (travel: Travel): Travel => ({
      levers: [...travel.levers, ...registered.levers],
      settings: { ...travel.settings, ...registered.settings },
    }),
  ),
);

/**
 * Makes the handler of the receipt slot, to which registrations outside it add themselves.
 *
 * @param handle - handles one call with everything that is registered.
 */
export function adopting(
  handle: (travel: Travel, ...args: Parameters<Handler>) => ReturnType<Handler>,
): Handler {
  let registered = NONE;
  const handler: AdoptingHandler = (args) => {
    const travel = travelOf(args);
    return handle(travelWith(registered)(travel), args);
  };
  handler[ADOPT] = (add) => {
    registered = add(registered);
  };
  return handler;
}
