import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TrainingDataOptions } from '@costkit/planner/distillation';
import { CliUsageError } from '../cli-error.js';

type Redact = NonNullable<TrainingDataOptions['redact']>;

/**
 * The function of a module of the user's: its default export, or `redact`. What it throws is not quoted, since it may
 * hold the text that it was given.
 *
 * @throws `CliUsageError` for a module that cannot be loaded, or has no such function.
 */
export async function readRedact(file: string): Promise<Redact> {
  const loaded = await (import(pathToFileURL(resolve(file)).href) as Promise<Record<string, unknown>>).catch(
    (cause: unknown) => {
      throw new CliUsageError(
        `"${file}" cannot be loaded. Give a JavaScript module (.mjs) that exports redact(text, part)`,
        'COSTKIT_UNREADABLE_FILE',
        { cause },
      );
    },
  );
  const redact = loaded['default'] ?? loaded['redact'];
  if (typeof redact !== 'function') {
    throw new CliUsageError(
      `"${file}" exports no function. Export one by default, or as redact: (text, part) => text`,
      'COSTKIT_INVALID_OPTION',
    );
  }
  return (text, part) => {
    const changed = calling(redact as Redact, file, text, part);
    if (typeof changed === 'string') return changed;
    throw new CliUsageError(
      `the function of "${file}" returned no text. It is called with a text and its part, and returns a text at once`,
      'COSTKIT_INVALID_OPTION',
    );
  };
}

function calling(redact: Redact, file: string, ...given: Parameters<Redact>): unknown {
  try {
    return redact(...given);
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : 'an error';
    throw new CliUsageError(
      `the function of "${file}" threw ${name}. Nothing was written; mend it, and run again`,
      'COSTKIT_INVALID_OPTION',
      { cause },
    );
  }
}
