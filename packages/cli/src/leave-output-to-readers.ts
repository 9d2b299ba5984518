import process from 'node:process';
import { EXIT_CODES } from './cli-error.js';

/**
 * Whoever reads the output may leave, as `head` does: the command ends its work, and nobody is told. Output that cannot be
 * written for another reason, such as a full disk, is said in one line.
 */
export function leaveOutputToReaders(): void {
  let isTold = false;
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || isTold) return;
    isTold = true;
    process.stderr.write(`costkit: the output cannot be written (${code ?? message}).\n`);
    process.exitCode = EXIT_CODES.failed;
  });
  // Where nobody reads what is wrong, there is no other place to say it.
  process.stderr.on('error', () => undefined);
}
