import { adopting } from './registration.js';
import type { Middleware } from './sdk.js';
import type { Sender } from './sender.js';
import type { Slots } from './slots.js';

let slots: Slots | undefined;
let quickSenderOf: ((client: Sender) => Sender) | undefined;

/** What runs a call is loaded by the first one: deriving a client loads no views, prices of calls or receipts. */
async function loadSlots(): Promise<Slots> {
  ({ SLOTS: slots, senderOf: quickSenderOf } = await import('./slots.js'));
  return slots;
}

/** What the SDK is to see as the client while it sends. */
export const senderOf = (client: Sender): Sender => quickSenderOf?.(client) ?? client;

// No async function, which would add a promise to every slot of every call.
const dispatch =
  (slot: Exclude<keyof Slots, 'receipt'>): Middleware =>
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
 * execution, and one inside the SDK's retry loop.
 */
export const DISPATCHERS: readonly {
  readonly name: string;
  readonly step: string;
  readonly priority: string;
  readonly middleware: Middleware;
}[] = (
  [
    ['receipt', 'initialize', 'high'],
    ['shape', 'initialize', 'normal'],
    ['route', 'initialize', 'low'],
    ['fit', 'serialize', 'high'],
    ['attempt', 'build', 'high'],
    ['transmit', 'finalizeRequest', 'low'],
  ] as const
).map(([slot, step, priority]) => ({
  name: `costkit:${slot}`,
  step,
  priority,
  middleware: slot === 'receipt' ? dispatchReceipt : dispatch(slot),
}));
