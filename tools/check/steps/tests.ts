import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../command.js';
import type { StepResult } from '../step.js';

/** How {@link runTests} runs the tests. */
export interface TestRunOptions {
  /** Further arguments of `vitest run`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** The command that starts vitest. @defaultValue this Node, the local vitest */
  readonly command?: readonly [string, ...string[]];
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

const VITEST: readonly [string, ...string[]] = [process.execPath, 'node_modules/vitest/vitest.mjs'];

/** Runs vitest and counts every test; a run that breaks outside a test counts as one more failure. */
export async function runTests(options: TestRunOptions = {}): Promise<StepResult> {
  const { args = [], env = {}, timeoutMs, command = VITEST } = options;
  const folder = await mkdtemp(join(tmpdir(), 'costkit-tests-'));
  try {
    const report = join(folder, 'report.json');
    const [program, ...programArgs] = command;
    const { exitCode, output } = await runCommand(
      program,
      [
        ...programArgs,
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...args,
      ],
      { env, ...(timeoutMs === undefined ? {} : { timeoutMs }) },
    );
    const counts = await readFile(report, 'utf8').then(
      (text) => JSON.parse(text) as VitestReport,
      () => ({ numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 }),
    );
    const failedOutside = exitCode !== 0 && counts.numFailedTests === 0 ? 1 : 0;
    return {
      passed: counts.numPassedTests,
      failed: counts.numFailedTests + failedOutside,
      skipped: counts.numPendingTests + counts.numTodoTests,
      output: exitCode === 0 ? '' : output.trim(),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
