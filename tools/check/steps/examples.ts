import { copyFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { packagesIn } from '../../workspace.js';
import { runCommand } from '../command.js';
import { forEachLimited } from '../for-each-limited.js';
import type { StepResult } from '../step.js';
import { transpile } from '../transpile.js';
import { QUIET } from './snippets.js';

const EXAMPLE_TIMEOUT_MS = 120_000;
/** For readers: it needs no build. */
const START = 'tsx --conditions=@costkit/source main.ts';

/** What an example reads lies beside its code. */
const dataFilesIn = (path: string): string[] =>
  readdirSync(path).filter((name) => name.endsWith('.json') && name !== 'package.json');

/** Runs every example to its end, on the built packages, as an application runs them. */
export async function runExamples(): Promise<StepResult> {
  const examples = packagesIn('examples').filter(({ folder }) => folder !== 'snippets');
  const failures: string[] = [];
  await forEachLimited(examples, availableParallelism(), async ({ folder, path, manifest }) => {
    if (manifest.scripts?.['start'] !== START) {
      failures.push(`examples/${folder}: its script "start" is not "${START}"`);
      return;
    }
    const files = readdirSync(path).filter((name) => name.endsWith('.ts'));
    const folderOfCode = transpile(path, files);
    for (const name of dataFilesIn(path)) copyFileSync(join(path, name), join(folderOfCode, name));
    const { exitCode, output } = await runCommand(process.execPath, ['main.js'], {
      cwd: folderOfCode,
      timeoutMs: EXAMPLE_TIMEOUT_MS,
      env: QUIET,
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
