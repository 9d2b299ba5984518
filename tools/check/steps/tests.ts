import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../command.js';
import type { StepResult } from '../step.js';

/** How {@link runTests} runs the tests. */
export interface TestRunOptions {
  /** Further arguments of `vitest run`. */
  readonly args?: readonly string[];
  /** Whether modules are loaded once for all test files, instead of once for each. @defaultValue `true` */
  readonly sharedModules?: boolean;
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
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

const NO_REPORT: VitestReport = {
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
};

const VITEST: readonly [string, ...string[]] = [process.execPath, 'node_modules/vitest/vitest.mjs'];

/** Runs vitest and counts every test; a file or a run that breaks outside a test counts as a failed one. */
export async function runTests(options: TestRunOptions = {}): Promise<StepResult> {
  const { args = [], sharedModules = true, env = {}, timeoutMs, command = VITEST } = options;
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
      {
        env: { ...env, COSTKIT_SHARED_MODULES: sharedModules ? '1' : '0' },
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      },
    );
    const counts = await readFile(report, 'utf8').then(
      (text) => JSON.parse(text) as VitestReport,
      () => NO_REPORT,
    );
    const failed = counts.numFailedTests + brokenFiles(counts);
    return {
      passed: counts.numPassedTests,
      failed: exitCode !== 0 && failed === 0 ? 1 : failed,
      skipped: counts.numPendingTests + counts.numTodoTests,
      output: exitCode === 0 ? '' : output.trim(),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Files that failed without a failed test: they could not be loaded. */
function brokenFiles({ testResults }: VitestReport): number {
  return testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
}
