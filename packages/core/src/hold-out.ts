/**
 * Keeps a share of calls out of a lever. Apart from the main entry, because a lever loads it with its first call.
 * @module
 */
import { InvalidOptionError } from '@costkit/pricing';
import type { Call } from './lever.js';
import type { HoldOut } from './lever-interfaces.js';
import { isShare } from './options.js';

/** FNV-1a, 32 bits: spreads ids evenly, which is all a hold-out needs. */
function hash(text: string, seed: number): number {
  let state = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  // One round of mixing: ids that differ in their last character must not fall side by side.
  state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
  return (state ^ (state >>> 12)) >>> 0;
}

/**
 * Keeps a share of calls out of a lever, by a hash of the call's id.
 *
 * @param share - 0 to 1.
 * @param seed - two levers with different seeds hold out different calls. @defaultValue 0
 * @throws `InvalidOptionError` for a share outside 0 to 1.
 *
 * @example
 * ```ts
 * const control = holdOut(0.05);
 * if (control.includes(call)) return next(view);
 * ```
 */
export function holdOut(share: number, seed: number = 0): HoldOut {
  const problem = isShare(share);
  if (problem !== undefined) throw new InvalidOptionError('core', 'share', problem);
  return { share, includes: (call: Call) => share > 0 && hash(call.id, seed) < share * 0x1_0000_0000 };
}
