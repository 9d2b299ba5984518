import process from 'node:process';
import { CommanderError } from 'commander';
import { describeError, EXIT_CODES } from './cli-error.js';
import { createProgram } from './program.js';

/** Runs the command line to its end: an error becomes one line and the exit code of this process. */
export async function runProgram(args: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
      return;
    }
    // Who read the output has left.
    if ((error as { code?: unknown } | null)?.code === 'EPIPE') return;
    const { message, exitCode } = describeError(error);
    process.stderr.write(`${message}\n`);
    process.exitCode = exitCode;
  }
}
