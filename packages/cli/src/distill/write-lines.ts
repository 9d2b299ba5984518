import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CliUsageError } from '../cli-error.js';
import { cannotWrite } from '../output-file.js';

/** A training file must be below a gigabyte (user guide, data preparation for distillation). */
const MOST_BYTES = 1_000_000_000;
/** Prompts and answers are for whoever asked for them. */
const OWNER_ONLY = 0o600;

function* smallEnough(lines: Iterable<string>, file: string, mostBytes: number): Generator<string> {
  let bytes = 0;
  for (const line of lines) {
    bytes += Buffer.byteLength(line);
    if (bytes >= mostBytes) {
      throw new CliUsageError(
        `"${file}" would have ${mostBytes} bytes or more, and a job takes less. Give a smaller --prompts`,
        'COSTKIT_INVALID_OPTION',
      );
    }
    yield line;
  }
}

/**
 * Writes lines into a file that only its owner reads. It has its name once all are there, so that nobody trains on half
 * of them.
 *
 * @throws `CliUsageError` for more than a job takes, and where the file cannot be written; then nothing is left of it.
 */
export async function writeLines(
  lines: Iterable<string>,
  file: string,
  mostBytes: number = MOST_BYTES,
): Promise<void> {
  const unfinished = `${file}.part`;
  try {
    // What an earlier run has left may be for more readers.
    await rm(unfinished, { force: true });
    await pipeline(
      Readable.from(smallEnough(lines, file, mostBytes)),
      createWriteStream(unfinished, { mode: OWNER_ONLY }),
    );
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw error instanceof CliUsageError ? error : cannotWrite(file, error);
  }
}
