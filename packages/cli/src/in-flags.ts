import { CostkitError } from '@costkit/core';
import { CliUsageError } from './cli-error.js';

/** A library in the words of a command. */
export interface LibraryWords {
  /** What its errors begin with. */
  readonly prefix: string;
  /** What its options are called here. */
  readonly flags: Readonly<Record<string, string>>;
  /** Other words of its errors, and what stands for them here. */
  readonly phrases?: readonly (readonly [said: string, here: string])[];
}

/** Says an error of the library in the words of the command; anything else stays as it is. */
export function inFlags(error: unknown, { prefix, flags, phrases = [] }: LibraryWords): unknown {
  if (!CostkitError.isInstance(error) || !error.message.startsWith(prefix)) return error;
  const said = phrases
    .reduce((text, [there, here]) => text.replace(there, here), error.message.slice(prefix.length))
    .replace(/(?:option )?"(\w+)"/g, (text, name: string) =>
      Object.hasOwn(flags, name) ? (flags[name] as string) : text,
    );
  return new CliUsageError(said, error.code, { cause: error });
}
