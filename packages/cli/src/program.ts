import { Command } from 'commander';
import { addDemoCommand } from './commands/demo.js';

/** The `costkit` command with all its subcommands. */
export function createProgram(): Command {
  const program = new Command('costkit')
    .description('The cheapest Amazon Bedrock call that still does the job.')
    .showHelpAfterError()
    .exitOverride();
  addDemoCommand(program);
  return program;
}
