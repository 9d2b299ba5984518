import { createRequire } from 'node:module';
import { Command } from 'commander';
import { addAlertsCommand } from './commands/alerts.js';
import { addAnalyzeCommand } from './commands/analyze.js';
import { addBatchCommand } from './commands/batch.js';
import { addDemoCommand } from './commands/demo.js';
import { addDistillCommand } from './commands/distill.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addEmbedCommand } from './commands/embed.js';
import { addEstimateCommand } from './commands/estimate.js';
import { addEvalCommand } from './commands/eval.js';
import { addLocalCommand } from './commands/local.js';
import { addPlanCommand } from './commands/plan.js';
import { addPriceCommand } from './commands/price.js';
import { addReportCommand } from './commands/report.js';
import { addVerifyCommand } from './commands/verify.js';

const { version } = createRequire(import.meta.url)('@costkit/cli/package.json') as {
  readonly version: string;
};

/**
 * The `costkit` command with all its subcommands. Errors of the command line are thrown, not exited on.
 *
 * @example
 * ```ts
 * await createProgram().parseAsync(['node', 'costkit', 'price', 'amazon.nova-lite-v1:0']);
 * ```
 */
export function createProgram(): Command {
  const program = new Command('costkit')
    .description('The cheapest Amazon Bedrock call that still does the job.')
    .version(version)
    .showHelpAfterError()
    .exitOverride();
  addAlertsCommand(program);
  addAnalyzeCommand(program);
  addBatchCommand(program);
  addDemoCommand(program);
  addDistillCommand(program);
  addDoctorCommand(program);
  addEmbedCommand(program);
  addEstimateCommand(program);
  addEvalCommand(program);
  addLocalCommand(program);
  addPlanCommand(program);
  addPriceCommand(program);
  addReportCommand(program);
  addVerifyCommand(program);
  // Subcommands are made before the override reaches them.
  for (const command of program.commands) command.exitOverride().showHelpAfterError();
  return program;
}
