import type { Slot } from './lever.js';
import type { Middleware } from './sdk.js';

type Slots = Readonly<Record<Slot, Middleware>>;

let slots: Slots | undefined;

/** What runs a call is loaded by the first one: deriving a client loads no views, prices of calls or receipts. */
async function loadSlots(): Promise<Slots> {
  const { SLOTS } = await import('./slots.js');
  slots = SLOTS;
  return SLOTS;
}

// No async function, which would add a promise to every slot of every call.
const dispatch =
  (slot: Slot): Middleware =>
  (next, context) =>
  (args) =>
    slots === undefined
      ? loadSlots().then((loaded) => loaded[slot](next, context)(args))
      : slots[slot](next, context)(args);

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
  { name: 'costkit:receipt', step: 'initialize', priority: 'high', middleware: dispatch('receipt') },
  { name: 'costkit:shape', step: 'initialize', priority: 'normal', middleware: dispatch('shape') },
  { name: 'costkit:route', step: 'initialize', priority: 'low', middleware: dispatch('route') },
  { name: 'costkit:fit', step: 'serialize', priority: 'high', middleware: dispatch('fit') },
  { name: 'costkit:attempt', step: 'build', priority: 'high', middleware: dispatch('attempt') },
];
