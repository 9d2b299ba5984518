import { availableParallelism } from 'node:os';
import { packagesIn } from '../../workspace.js';
import { runPnpm } from '../command.js';
import { forEachLimited } from '../for-each-limited.js';
import type { StepResult } from '../step.js';
import { QUIET } from './snippets.js';

const EXAMPLE_TIMEOUT_MS = 120_000;

/** Runs the `start` script of every example, which uses the built packages as an application does. */
export async function runExamples(): Promise<StepResult> {
  const examples = packagesIn('examples').filter(({ folder }) => folder !== 'snippets');
  const failures: string[] = [];
  await forEachLimited(examples, availableParallelism(), async ({ folder, path }) => {
    const { exitCode, output } = await runPnpm(['run', 'start'], {
      cwd: path,
      timeoutMs: EXAMPLE_TIMEOUT_MS,
      // Several at once must not install at once.
      env: { ...QUIET, npm_config_verify_deps_before_run: 'false' },
    });
    if (exitCode !== 0) failures.push(`examples/${folder}:\n${output.trim()}`);
  });
  return {
    passed: examples.length - failures.length,
    failed: failures.length,
    skipped: 0,
    output: failures.join('\n\n'),
  };
}
