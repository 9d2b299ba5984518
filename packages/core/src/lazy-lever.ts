import type { Lever } from './lever.js';

/**
 * Makes a lever whose work is loaded by the first call that comes to its slot: options are checked when a plugin is
 * made, and an application that never makes such a call never loads the rest.
 *
 * @param head - what must be known before.
 * @param load - imports the rest; asked once. What it answers acts in the slot of `head`.
 *
 * @example
 * ```ts
 * const lever = lazyLever({ name: 'router', slot: 'route', mode }, async () => {
 *   const { routerLever } = await import('./router-lever.js');
 *   return routerLever(options);
 * });
 * ```
 */
export function lazyLever(
  head: Pick<Lever, 'name' | 'slot' | 'mode' | 'failsClosed'>,
  load: () => Promise<Lever>,
): Lever {
  let lever: Lever | undefined;
  let loading: Promise<Lever> | undefined;
  const start = async (): Promise<Lever> => {
    lever = await load();
    return lever;
  };
  const loaded = (): Promise<Lever> => {
    loading ??= start();
    return loading;
  };
  return {
    ...head,
    ...(head.slot === 'fit'
      ? {
          // Without a promise once it is there: this is on the way of every call.
          fit: (view, call) =>
            lever === undefined ? loaded().then((late) => late.fit?.(view, call)) : lever.fit?.(view, call),
        }
      : {
          around: async (view, call, next) => {
            const { around } = lever ?? (await loaded());
            return around === undefined ? next(view) : around(view, call, next);
          },
        }),
    // Whatever happens in a call, its slot has been passed before.
    onAttempt: (attempt, view, call) => lever?.onAttempt?.(attempt, view, call),
    onReceipt: (receipt, call) => lever?.onReceipt?.(receipt, call),
  };
}
