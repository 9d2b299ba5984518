import { senderOf } from './dispatchers.js';
import { clientPlugin } from './lever-plugin.js';
import { orderedStack } from './ordered-stack.js';
import type { BedrockClientLike, BedrockPlugin } from './sdk.js';
import type { Sender } from './sender.js';

/**
 * Returns a client of the same type that shares configuration and connections with `client` but has its own
 * middleware, with the plugins applied. The client passed in is not changed.
 *
 * `destroy()` on a derived client closes the shared connections.
 *
 * @throws `InvalidOptionError` when `client` is no AWS SDK client.
 * @throws `AlreadyAppliedError` when a lever is on the client already.
 *
 * @example
 * ```ts
 * const metered = deriveClient(new BedrockRuntimeClient({}), meterPlugin());
 * ```
 */
export function deriveClient<C extends BedrockClientLike>(
  client: C,
  ...plugins: readonly BedrockPlugin[]
): C {
  const own = clientPlugin(client);
  // `send` deletes its own `handlers` cache; this layer keeps the parent's cache hidden even then.
  const shield = Object.assign(Object.create(client), { handlers: undefined });
  const derived: C = Object.assign(Object.create(shield), {
    middlewareStack: orderedStack(client.middlewareStack.clone()),
    send(this: Sender, ...args: Parameters<C['send']>): unknown {
      return client.send.apply(senderOf(this), args);
    },
  });
  for (const plugin of [own, ...plugins]) derived.middlewareStack.use(plugin);
  return derived;
}
