#!/usr/bin/env node
import process from 'node:process';
import { CommanderError } from 'commander';
import { describeError, EXIT_CODES } from './cli-error.js';
import { createProgram } from './program.js';

// The SDK's advice to the users of applications says nothing to the users of this command.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
  } else {
    const { message, exitCode } = describeError(error);
    process.stderr.write(`${message}\n`);
    process.exitCode = exitCode;
  }
}
