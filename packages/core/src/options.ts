import { InvalidOptionError } from '@costkit/pricing';

/** Says what is wrong with a value (`must be a positive number`), or `undefined` when nothing is. */
export type OptionCheck = (value: unknown) => string | undefined;

/** Which options exist and what each must be. */
export type OptionChecks<T> = { readonly [K in keyof Required<T>]: OptionCheck };

/**
 * Checks options once, when a lever is built. Options that are `undefined` count as absent.
 *
 * @param where - the package that checks, for the message.
 * @param options - what was given.
 * @param checks - every option that exists, with its check.
 * @param path - stands before the name of a nested option, e.g. `budgets[0].`.
 * @throws {@link InvalidOptionError} for an unknown option, naming those that exist, and for a wrong value.
 *
 * @example
 * ```ts
 * checkOptions<MeterOptions>('meter', options, { mode: isMode, sinks: isArray });
 * ```
 */
export function checkOptions<T extends object>(
  where: string,
  options: T,
  checks: OptionChecks<T>,
  path = '',
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new InvalidOptionError(where, path === '' ? 'options' : path.slice(0, -1), 'must be an object');
  }
  for (const [name, value] of Object.entries(options)) {
    const check: OptionCheck | undefined = Object.hasOwn(checks, name) ? checks[name as keyof T] : undefined;
    if (check === undefined) {
      throw new InvalidOptionError(
        where,
        path + name,
        `is unknown; known are ${Object.keys(checks).join(', ')}`,
      );
    }
    const problem = value === undefined ? undefined : check(value);
    if (problem !== undefined) throw new InvalidOptionError(where, path + name, problem);
  }
}

/** Accepts anything: for options whose own code checks them. */
export const isAnything: OptionCheck = () => undefined;

/** A function. */
export const isFunction: OptionCheck = (value) =>
  typeof value === 'function' ? undefined : 'must be a function';

/** `true` or `false`. */
export const isBoolean: OptionCheck = (value) =>
  typeof value === 'boolean' ? undefined : 'must be true or false';

/** A text that is not empty. */
export const isText: OptionCheck = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'must be a text that is not empty';

/** An object that is no array. */
export const isObject: OptionCheck = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'must be an object';

/** An array. */
export const isArray: OptionCheck = (value) => (Array.isArray(value) ? undefined : 'must be an array');

/** A whole number above 0. */
export const isPositiveInteger: OptionCheck = (value) =>
  Number.isSafeInteger(value) && (value as number) > 0 ? undefined : 'must be a whole number above 0';

/** A finite number, 0 or more. */
export const isNonNegativeNumber: OptionCheck = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? undefined
    : 'must be a finite number, 0 or more';

/** A share: 0 to 1. */
export const isShare: OptionCheck = (value) =>
  typeof value === 'number' && value >= 0 && value <= 1 ? undefined : 'must be a number from 0 to 1';

/** One of the given values. */
export function isOneOf(...values: readonly unknown[]): OptionCheck {
  return (value) =>
    values.includes(value)
      ? undefined
      : `must be one of ${values.map((one) => JSON.stringify(one)).join(', ')}`;
}

/** A lever's mode. */
export const isMode: OptionCheck = isOneOf('off', 'observe', 'enforce');
