import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { publicPackages, type WorkspacePackage } from '../../workspace.js';
import { runCommand, runPnpm } from '../command.js';
import { forEachLimited } from '../for-each-limited.js';
import { resultOfProblems, type StepResult } from '../step.js';

/** Packs every public package as it would be published and lets publint and attw judge the tarball. */
export async function checkPackedPackages(): Promise<StepResult> {
  const problems: string[] = [];
  await forEachLimited(publicPackages(), availableParallelism(), async (workspacePackage) => {
    problems.push(...(await problemsOf(workspacePackage)));
  });
  return resultOfProblems(problems);
}

async function problemsOf({ path, manifest }: WorkspacePackage): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'costkit-pack-'));
  try {
    const packed = await runPnpm(['pack', '--pack-destination', folder], { cwd: path });
    const [name] = await readdir(folder);
    if (packed.exitCode !== 0 || name === undefined) return [`${manifest.name}: ${packed.output.trim()}`];
    const tarball = join(folder, name);
    const judges = [
      await runCommand('publint', ['run', tarball, '--strict']),
      await runCommand('attw', [tarball, '--profile', 'esm-only', '--no-color', '--no-emoji']),
    ];
    return judges
      .filter(({ exitCode }) => exitCode !== 0)
      .map(({ output }) => `${manifest.name}: ${output.trim()}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
