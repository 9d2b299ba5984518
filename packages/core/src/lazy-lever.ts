import type { CallOutput, Lever } from './lever.js';

/** What {@link lazyLever} must know besides the lever's own members. */
export interface LazyLeverOptions {
  /** The lever has `recover` instead of `around`. @defaultValue false */
  readonly recovers?: boolean;
}

/**
 * Makes a lever whose work is loaded by the first call that comes to its slot: options are checked when a plugin is
 * made, and an application that never makes such a call never loads the rest.
 *
 * @param head - what must be known before; with `recovers` it acts only where the inner slots threw.
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
  { recovers = false, ...head }: Pick<Lever, 'name' | 'slot' | 'mode' | 'failsClosed'> & LazyLeverOptions,
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
  // Once it is there no promise is added: this is on the way of every call.
  const run = (
    { around }: Lever,
    ...[view, call, next, options]: Parameters<NonNullable<Lever['around']>>
  ): Promise<CallOutput> => (around === undefined ? next(view, options) : around(view, call, next, options));
  return {
    ...head,
    ...(head.slot === 'fit'
      ? {
          fit: (...args) =>
            lever === undefined ? loaded().then((late) => late.fit?.(...args)) : lever.fit?.(...args),
        }
      : recovers
        ? {
            recover: async (error, ...call) => {
              const { recover } = lever ?? (await loaded());
              return recover === undefined ? Promise.reject(error) : recover(error, ...call);
            },
          }
        : {
            around: (view, call, next, options) =>
              lever === undefined
                ? loaded().then((late) => run(late, view, call, next, options))
                : run(lever, view, call, next, options),
          }),
    // Whatever happens in a call, its slot has been passed before.
    onAttempt: (attempt, view, call) => lever?.onAttempt?.(attempt, view, call),
    onReceipt: (receipt, call) => lever?.onReceipt?.(receipt, call),
  };
}
