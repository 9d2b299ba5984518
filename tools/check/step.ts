import { type CommandOptions, type CommandResult, runCommand } from './command.js';

/** How a step ended. */
export interface StepResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Printed when something failed. */
  readonly output: string;
}

/** One independent part of the check. */
export interface Step {
  readonly name: string;
  /** What it makes sure of, in a few words, for `--list`. */
  readonly about: string;
  /** Steps that must have ended well before this one starts. */
  readonly needs?: readonly string[];
  /** Steps that must have ended before this one starts, well or not. */
  readonly after?: readonly string[];
  run(): Promise<StepResult>;
}

/** Folds one command, or several that belong together, into the result of a step. */
export function resultOf(...commands: readonly CommandResult[]): StepResult {
  const ok = commands.every(({ exitCode }) => exitCode === 0);
  return {
    passed: ok ? 1 : 0,
    failed: ok ? 0 : 1,
    skipped: 0,
    output: commands
      .filter(({ exitCode }) => exitCode !== 0)
      .map(
        ({ output, exitCode }) =>
          output.trim() || `ended with exit code ${String(exitCode)} and printed nothing`,
      )
      .join('\n'),
  };
}

/** The result of a step that looks for problems by itself: it passes when there are none. */
export function resultOfProblems(problems: readonly string[]): StepResult {
  const ok = problems.length === 0;
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, output: problems.join('\n') };
}

/** A step that is one command. */
export function commandStep(
  step: Omit<Step, 'run'>,
  command: string,
  args: readonly string[],
  options?: CommandOptions,
): Step {
  return { ...step, run: async () => resultOf(await runCommand(command, args, options)) };
}
