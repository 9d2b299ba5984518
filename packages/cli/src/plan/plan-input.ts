import { readFile } from 'node:fs/promises';
import { stdin } from 'node:process';
import { text } from 'node:stream/consumers';
import { Option } from 'commander';
import { CliUsageError } from '../cli-error.js';
import type { PlanFlag } from './calculator.js';

/**
 * The input of a calculator: a JSON file, and on top of it what flags say.
 *
 * @throws `CliUsageError` for a file that cannot be read or is no JSON object
 */
export async function readPlanInput(
  file: string | undefined,
  flags: readonly PlanFlag[],
  options: Readonly<Record<string, unknown>>,
): Promise<object> {
  const input = file === undefined ? {} : await objectIn(file);
  for (const { flags: names, path, read } of flags) {
    const value = options[new Option(names).attributeName()];
    if (value !== undefined) setAt(input, path.split('.'), read(value as string | readonly string[]));
  }
  return input;
}

async function objectIn(file: string): Promise<Record<string, unknown>> {
  const name = file === '-' ? 'standard input' : `"${file}"`;
  let json: unknown;
  try {
    json = JSON.parse(file === '-' ? await text(stdin) : await readFile(file, 'utf8'));
  } catch (cause) {
    throw new CliUsageError(
      `${name} cannot be read as JSON. Give a file with one JSON object`,
      'COSTKIT_UNREADABLE_FILE',
      {
        cause,
      },
    );
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new CliUsageError(`${name} holds no JSON object. Give a file with one`, 'COSTKIT_UNREADABLE_FILE');
  }
  return json as Record<string, unknown>;
}

function setAt(
  target: Record<string, unknown>,
  [first = '', ...rest]: readonly string[],
  value: unknown,
): void {
  if (rest.length === 0) {
    target[first] = value;
    return;
  }
  const inner = target[first];
  const next = typeof inner === 'object' && inner !== null ? { ...inner } : {};
  target[first] = next;
  setAt(next as Record<string, unknown>, rest, value);
}
