import { InvalidOptionError } from '../errors.js';

/**
 * A mistyped option would silently read something else: it is refused.
 *
 * @throws InvalidOptionError when an option is none of `known`.
 */
export function checkOptions(options: object, known: readonly string[]): void {
  for (const option of Object.keys(options))
    if (!known.includes(option)) throw new InvalidOptionError('pricing', option, 'is unknown');
}
