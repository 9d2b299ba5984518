import { stderr, stdout } from 'node:process';
import type { PlanBasis } from '@costkit/planner';
import type { Command } from 'commander';
import { EXIT_CODES } from '../cli-error.js';
import { readPlanInput } from './plan-input.js';

/** A flag that sets one field of a calculator's input. */
export interface PlanFlag {
  /** As commander writes it, e.g. `--corpus <tokens>`. */
  readonly flags: string;
  readonly description: string;
  /** Where the value goes, e.g. `retrieval.chunkTokens`. */
  readonly path: string;
  /** Reads the text; flags that may be given more than once get all texts. */
  readonly read: (text: string | readonly string[]) => unknown;
}

/** A calculator of the planner as a command. */
export interface Calculator<Plan extends PlanBasis<unknown>> {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly PlanFlag[];
  /** What stands below the options in the help. */
  readonly help: string;
  /** Computes; `input` has not been checked. */
  readonly plan: (input: object) => Promise<Plan>;
  /** For people. */
  readonly render: (plan: Plan, columns: number) => string | Promise<string>;
}

interface CommonOptions {
  readonly json?: boolean;
  readonly strict?: boolean;
}

const EXIT_CODE_HELP =
  'Exit codes: 0 done, 1 with --strict when something is unknown, 2 an input cannot be used.';
const NARROW = 80;

/** Adds a calculator below a command. */
export function addCalculator<Plan extends PlanBasis<unknown>>(
  parent: Command,
  calculator: Calculator<Plan>,
): void {
  const { name, description, flags, help, plan, render } = calculator;
  const command = parent
    .command(name)
    .argument('[file]', 'the input as JSON, `-` for standard input; flags win over it')
    .description(description);
  for (const flag of flags) command.option(flag.flags, flag.description);
  command
    .option('--strict', 'exit with 1 when a price or figure is unknown')
    .option('--json', 'print the whole plan as JSON')
    .addHelpText('after', `\n${help}\n\n${EXIT_CODE_HELP}`)
    .action(async (file: string | undefined, options: CommonOptions & Record<string, unknown>) => {
      const input = await readPlanInput(file, flags, options);
      const result = await plan(input);
      stdout.write(
        options.json === true
          ? `${JSON.stringify(result, null, 2)}\n`
          : `${await render(result, stdout.columns ?? NARROW)}\n`,
      );
      if (options.json !== true)
        for (const unknown of result.missing) stderr.write(`costkit: unknown: ${unknown}\n`);
      if (options.strict === true && result.missing.length > 0) process.exitCode = EXIT_CODES.failed;
    })
    .exitOverride()
    .showHelpAfterError();
}
