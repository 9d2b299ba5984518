import { CliUsageError } from '../cli-error.js';
import type { PlanFlag } from './calculator.js';

const usageError = (message: string): CliUsageError => new CliUsageError(message, 'COSTKIT_INVALID_OPTION');

/** A number, as it is or with commas between thousands. */
export function readNumber(text: string | readonly string[]): number {
  const value = Number(String(text).replaceAll(/,(?=\d{3}\b)/g, ''));
  if (String(text).trim() === '' || !Number.isFinite(value))
    throw usageError(`"${String(text)}" is no number. Write 12000 or 0.3`);
  return value;
}

/** A text. */
export function readText(text: string | readonly string[]): string {
  return String(text);
}

/** `name=number`, one or more. */
export function readNumbersByName(texts: string | readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(listOf(texts).map((text) => namedNumber(text)));
}

/** `name=share`, one or more, as levers. */
export function readLevers(
  texts: string | readonly string[],
): { readonly name: string; readonly savedShare: number }[] {
  return listOf(texts).map((text) => {
    const [name, savedShare] = namedNumber(text);
    return { name, savedShare };
  });
}

/** `name=dollars` or `name=dollars@months`, one or more, as pools of credits. */
export function readPools(texts: string | readonly string[]): object[] {
  return listOf(texts).map((text) => {
    const [, name, usd, months] = /^(.+)=([\d.,]+)(?:@([\d.]+))?$/.exec(text) ?? [];
    if (name === undefined || usd === undefined) {
      throw usageError(
        `"${text}" is no pool. Write name=dollars or name=dollars@months, e.g. Activate=25000@24`,
      );
    }
    return {
      name,
      usd: readNumber(usd),
      ...(months === undefined ? {} : { expiresInMonths: readNumber(months) }),
    };
  });
}

/** A flag whose value is a number. */
export const numberFlag = (flags: string, description: string, path: string): PlanFlag => ({
  flags,
  description,
  path,
  read: readNumber,
});

function listOf(texts: string | readonly string[]): readonly string[] {
  return typeof texts === 'string' ? [texts] : texts;
}

function namedNumber(text: string): [name: string, value: number] {
  const [, name, value] = /^(.+)=([^=]+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw usageError(`"${text}" is no pair. Write name=number`);
  return [name, readNumber(value)];
}
