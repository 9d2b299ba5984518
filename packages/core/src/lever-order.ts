import type { Lever } from './lever.js';

/**
 * Which lever comes first where several share a slot: the cache plan stands before caps and brevity are placed
 * behind its last point, and a budget reserves what will really be sent. Levers that core does not know follow.
 */
const ORDER: readonly string[] = ['meter', 'router', 'batch', 'prompt-cache', 'output-limiter', 'budget'];

/** Position of a lever inside its slot. */
export function leverPosition(lever: Lever): number {
  const position = ORDER.indexOf(lever.name);
  return position === -1 ? ORDER.length : position;
}
