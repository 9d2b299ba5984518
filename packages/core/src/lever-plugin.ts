import { InvalidOptionError } from '@costkit/pricing';
import { DISPATCHERS } from './dispatchers.js';
import { AlreadyAppliedError } from './errors.js';
import type { Lever } from './lever.js';
import { register } from './registration.js';
import type { BedrockClientLike, BedrockPlugin, Middleware, MiddlewareStackLike } from './sdk.js';
import { type CoreSettings, checkSettings } from './settings.js';

const CLIENT_NAME = 'costkit:client';

function applyTo(stack: MiddlewareStackLike, name: string, middleware: Middleware): void {
  stack.add(middleware, { step: 'initialize', priority: 'high', name, tags: ['COSTKIT'] });
  // At equal priority the last added runs innermost: added anew, the receipt slot follows every registration.
  for (const { middleware: dispatch, ...position } of DISPATCHERS) {
    stack.remove(position.name);
    stack.add(dispatch, { ...position, tags: ['COSTKIT'] });
  }
}

function isApplied(stack: MiddlewareStackLike, name: string): boolean {
  return stack.identify().some((entry) => entry === name || entry.startsWith(`${name} `));
}

/**
 * Makes a Smithy plugin of levers. The order in which plugins are applied does not matter: every slot runs its
 * levers in the order that core owns.
 *
 * @param name - the package's own name; the middleware is called `costkit:<name>`.
 * @param levers - what the plugin does, a lever for each slot it needs.
 * @throws `AlreadyAppliedError` from `applyToStack`, when the plugin is on the stack already.
 *
 * @example
 * ```ts
 * const hello = leverPlugin('hello', [
 *   { name: 'hello', slot: 'receipt', mode: 'observe', onReceipt: (receipt) => total.add(receipt) },
 * ]);
 * client.middlewareStack.use(hello);
 * ```
 */
export function leverPlugin(name: string, levers: readonly Lever[]): BedrockPlugin {
  const middlewareName = `costkit:${name}`;
  return {
    applyToStack: (stack) => {
      if (isApplied(stack, middlewareName)) throw new AlreadyAppliedError(name);
      applyTo(stack, middlewareName, register(levers, {}));
    },
  };
}

/**
 * Sets what every lever on a client shares: clock, negotiated prices, the models behind opaque ARNs, tags.
 * Given twice, the last one wins, field by field.
 *
 * @throws `InvalidOptionError` for a setting that is unknown or wrong.
 *
 * @example
 * ```ts
 * client.middlewareStack.use(settingsPlugin({ tags: { service: 'checkout' } }));
 * ```
 */
export function settingsPlugin(settings: Partial<CoreSettings>): BedrockPlugin {
  checkSettings(settings);
  const given: Partial<CoreSettings> = Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined),
  );
  // Calls without tags of their own share this object.
  if (given.tags !== undefined) Object.assign(given, { tags: { ...given.tags } });
  return {
    applyToStack: (stack) => {
      let name = 'costkit:settings';
      for (let count = 2; isApplied(stack, name); count += 1) name = `costkit:settings-${count}`;
      applyTo(stack, name, register([], given));
    },
  };
}

/** What core reads from the client that it wraps. @internal */
export function clientPlugin(client: BedrockClientLike): BedrockPlugin {
  const stack = (client as Partial<BedrockClientLike> | null | undefined)?.middlewareStack;
  if (typeof stack?.clone !== 'function' || typeof client.send !== 'function') {
    throw new InvalidOptionError(
      'core',
      'client',
      'must be a BedrockRuntimeClient of the AWS SDK for JavaScript v3',
    );
  }
  const { config } = client as { config?: { region?: unknown } };
  const region = async (): Promise<string | undefined> => {
    const value: unknown = typeof config?.region === 'function' ? await config.region() : config?.region;
    return typeof value === 'string' ? value : undefined;
  };
  return {
    applyToStack: (target) => {
      if (!isApplied(target, CLIENT_NAME)) applyTo(target, CLIENT_NAME, register([], { region }));
    },
  };
}
