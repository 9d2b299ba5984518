/**
 * The costkit command, as a program for those who embed it.
 * @module
 */
export { CliUsageError, EXIT_CODES } from './cli-error.js';
export { createProgram } from './program.js';
