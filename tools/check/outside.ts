import { join } from 'node:path';
import { ROOT } from '../workspace.js';
import { runPnpm } from './command.js';
import { resultOf, type StepResult } from './step.js';

/** The SDKs with which the long check repeats the tests; `pnpm test` itself runs on the newest. */
export const SDK_FOLDERS: readonly string[] = ['floor', 'middle'];

/** Where one SDK of the matrix is installed. */
export function sdkFolder(name: string): string {
  return join(ROOT, 'tools/sdk-matrix', name);
}

/**
 * Installs folders that stand outside the workspace, so that `pnpm test` need not download what only the long
 * check uses.
 */
export async function installOutside(...folders: readonly string[]): Promise<StepResult> {
  const results = [];
  for (const folder of folders) {
    results.push(
      await runPnpm(['install', '--ignore-workspace', '--frozen-lockfile'], { cwd: join(ROOT, folder) }),
    );
  }
  return resultOf(...results);
}
