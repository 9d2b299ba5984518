import type { Slot } from './lever.js';
import { adopting } from './registration.js';
import type { Middleware } from './sdk.js';
import type { Slots } from './slots.js';

let slots: Slots | undefined;

/** What runs a call is loaded by the first one: deriving a client loads no views, prices of calls or receipts. */
async function loadSlots(): Promise<Slots> {
  const { SLOTS } = await import('./slots.js');
  slots = SLOTS;
  return SLOTS;
}

// No async function, which would add a promise to every slot of every call.
const dispatch =
  (slot: Exclude<Slot, 'receipt'>): Middleware =>
  (next, context) =>
    slots === undefined
      ? (args) => loadSlots().then((loaded) => loaded[slot](next, context)(args))
      : slots[slot](next, context);

const dispatchReceipt: Middleware = (next, context) =>
  adopting((travel, args) =>
    slots === undefined
      ? loadSlots().then((loaded) => loaded.receipt(next, context, travel, args))
      : slots.receipt(next, context, travel, args),
  );

/**
 * One middleware per slot, at an absolute step and priority, so that any order of wrapping gives one order of
 * execution.
 */
export const DISPATCHERS: readonly {
  readonly name: string;
  readonly step: string;
  readonly priority: string;
  readonly middleware: Middleware;
}[] = [
  { name: 'costkit:receipt', step: 'initialize', priority: 'high', middleware: dispatchReceipt },
  { name: 'costkit:shape', step: 'initialize', priority: 'normal', middleware: dispatch('shape') },
  { name: 'costkit:route', step: 'initialize', priority: 'low', middleware: dispatch('route') },
  { name: 'costkit:fit', step: 'serialize', priority: 'high', middleware: dispatch('fit') },
  { name: 'costkit:attempt', step: 'build', priority: 'high', middleware: dispatch('attempt') },
];
