import { CliUsageError } from './cli-error.js';

/** The number of an option, where it is given. @throws `CliUsageError` for what is none. */
export function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number)) return number;
  throw new CliUsageError(`--${option} "${text}" is no number`, 'COSTKIT_INVALID_OPTION');
}
