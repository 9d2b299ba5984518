import process, { stderr } from 'node:process';
import { EXIT_CODES } from './cli-error.js';
import { inFlags, type LibraryWords } from './in-flags.js';

/**
 * An action that says what AWS refuses in one line, and what the library refuses in the words of the command.
 *
 * @param goOn - What to do after a refusal, with its full stop.
 */
export function tellingRefusals<Given extends unknown[]>(
  action: (...given: Given) => Promise<void>,
  words: LibraryWords,
  goOn: string,
) {
  return async (...given: Given): Promise<void> => {
    try {
      await action(...given);
    } catch (error) {
      const { name, message, $metadata } = error as Error & { $metadata?: unknown };
      if ($metadata === undefined && name !== 'CredentialsProviderError') throw inFlags(error, words);
      stderr.write(
        `costkit: AWS refused (${name}): ${message} \`costkit doctor\` says what is missing; ${goOn}\n`,
      );
      process.exitCode = EXIT_CODES.failed;
    }
  };
}
