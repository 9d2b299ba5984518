import { InvalidOptionError, type OptionCheck } from '@costkit/core';

/** Checks one value, absent ones too. @throws `InvalidOptionError` with what the check says. */
export function requireOption(option: string, value: unknown, check: OptionCheck): void {
  const problem = check(value);
  if (problem !== undefined) throw new InvalidOptionError('router', option, problem);
}
