import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CliUsageError } from './cli-error.js';

/** What is said of a file that cannot be written. */
export function cannotWrite(file: string, cause: unknown): CliUsageError {
  return new CliUsageError(
    `cannot write "${file}". Name a file in a folder that exists and can be written`,
    'COSTKIT_CANNOT_WRITE',
    { cause },
  );
}

/**
 * Whether a file can be written: asked before long work, and changes nothing.
 *
 * @throws `CliUsageError` where it cannot.
 */
export async function checkWritable(file: string): Promise<void> {
  try {
    const present = await stat(file).catch(() => undefined);
    if (present?.isDirectory() === true) throw new Error('it is a folder');
    await access(present === undefined ? dirname(file) : file, constants.W_OK);
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
}

/** @throws `CliUsageError` where the file cannot be written. */
export async function writeOutput(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((cause: Error) => {
    throw cannotWrite(file, cause);
  });
}
