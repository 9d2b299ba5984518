import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { CliUsageError } from '../cli-error.js';

/** A training file must be below a gigabyte (user guide, data preparation for distillation). */
const MOST_BYTES = 1_000_000_000;
/** Prompts and answers are for whoever asked for them. */
const OWNER_ONLY = 0o600;

/**
 * Writes lines into a file that only its owner reads. It has its name once all are there, so that nobody trains on half
 * of them.
 *
 * @throws `CliUsageError` for more than a job takes; then nothing is written.
 */
export async function writeLines(lines: Iterable<string>, file: string): Promise<void> {
  const unfinished = `${file}.part`;
  await rm(unfinished, { force: true });
  const stream = createWriteStream(unfinished, { mode: OWNER_ONLY });
  let bytes = 0;
  for (const line of lines) {
    bytes += Buffer.byteLength(line);
    if (bytes >= MOST_BYTES) break;
    if (!stream.write(line)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
  if (bytes < MOST_BYTES) return rename(unfinished, file);
  await rm(unfinished);
  throw new CliUsageError(
    `"${file}" would have a gigabyte or more, and a job takes less. Give a smaller --prompts`,
    'COSTKIT_INVALID_OPTION',
  );
}
