import { CliUsageError } from './cli-error.js';

/**
 * Reads texts such as `name=value`, as options that may be given more than once have them.
 *
 * @throws `CliUsageError` for one that is no pair, naming the option.
 */
export function nameValuePairs(
  option: string,
  texts: readonly string[] | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (texts ?? []).map((text) => {
      const [, name, value] = /^(.+)=([^=]+)$/.exec(text) ?? [];
      if (name !== undefined && value !== undefined) return [name, value];
      throw new CliUsageError(
        `"${text}" cannot be used for ${option}. Write name=value`,
        'COSTKIT_INVALID_OPTION',
      );
    }),
  );
}
