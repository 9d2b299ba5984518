import type { Call } from './lever.js';

// Shared between copies of this package, as the scope is.
const KEPT = Symbol.for('costkit.kept');

type Keeper = Call & { [KEPT]?: Map<object, unknown> };

/**
 * What a lever remembers of a call: made when first asked for, gone with the call.
 *
 * @param make - makes it; asked once for each call.
 *
 * @example
 * ```ts
 * const startOf = perCall((call) => ({ at: call.clock.now(), retries: 0 }));
 * startOf(call).retries += 1;
 * ```
 */
export function perCall<T extends object>(make: (call: Call) => T): (call: Call) => T {
  // On the call itself: an entry of a WeakMap costs ten times as much to make, and there is one for each call.
  const kept = (call: Call): T => {
    const keeper = call as Keeper;
    keeper[KEPT] ??= new Map();
    let value = keeper[KEPT].get(kept) as T | undefined;
    if (value === undefined) {
      value = make(call);
      keeper[KEPT].set(kept, value);
    }
    return value;
  };
  return kept;
}
