import { CostkitError } from '@costkit/core';

/** Exit codes that scripts can rely on. */
export const EXIT_CODES = {
  /** Everything went as asked. */
  ok: 0,
  /** The command ran and found something wrong, e.g. receipts that disagree with the bill. */
  failed: 1,
  /** The command line or an input file cannot be used. */
  usage: 2,
  /** A check found that something is not as it was; nothing is wrong, and nothing has been written. */
  changed: 3,
  /** Somebody pressed Ctrl-C, as shells have it. */
  interrupted: 130,
} as const;

/** An input that a command cannot use, with what to do about it. */
export class CliUsageError extends CostkitError {
  override readonly name: string = 'CliUsageError';

  constructor(message: string, code: string, options: ErrorOptions = {}) {
    super(`costkit: ${message}`, { code, ...options });
  }
}

/** One line for a person, and the exit code. */
export function describeError(error: unknown): { readonly message: string; readonly exitCode: number } {
  if (error instanceof CliUsageError)
    return { message: `${error.message} [${error.code}]`, exitCode: EXIT_CODES.usage };
  if (CostkitError.isInstance(error))
    return { message: `${error.message} [${error.code}]`, exitCode: EXIT_CODES.usage };
  const code = (error as { code?: unknown } | null)?.code;
  const message = error instanceof Error ? error.message : String(error);
  // What the SDK throws where nothing names a Region, a plain error without a code.
  if (message === 'Region is missing') {
    return {
      message: 'costkit: no AWS Region is set. Set AWS_REGION, or give --region [COSTKIT_NO_REGION]',
      exitCode: EXIT_CODES.usage,
    };
  }
  return typeof code === 'string' && code.startsWith('COSTKIT_')
    ? { message: `${message} [${code}]`, exitCode: EXIT_CODES.usage }
    : { message: error instanceof Error ? (error.stack ?? message) : message, exitCode: EXIT_CODES.failed };
}
