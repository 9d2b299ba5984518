import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData, type Problem } from '@arethetypeswrong/core';
import { problemKindInfo } from '@arethetypeswrong/core/problems';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { runPnpm } from '../check/command.js';
import { publicPackages } from '../workspace.js';

// Packs every public package as it would be published and lets publint and attw judge the tarballs, in one process:
// each of their commands would load a compiler of its own for every package.
const folder = await mkdtemp(join(tmpdir(), 'costkit-pack-'));
try {
  const problems = await problemsIn(folder);
  process.stdout.write(problems.map((problem) => `${problem}\n`).join(''));
  process.exitCode = problems.length > 0 ? 1 : 0;
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function problemsIn(folder: string): Promise<string[]> {
  const packages = publicPackages();
  const filters = packages.flatMap(({ manifest }) => ['--filter', manifest.name]);
  const packed = await runPnpm(['--recursive', ...filters, 'pack', '--pack-destination', folder]);
  const tarballs = await readdir(folder);
  if (packed.exitCode !== 0 || tarballs.length !== packages.length) return [packed.output.trim()];
  const problems: string[] = [];
  for (const name of tarballs) {
    const tarball = await readFile(join(folder, name));
    for (const judge of [publishingProblems, typingProblems]) {
      problems.push(...(await judge(tarball)).map((problem) => `${name}: ${problem}`));
    }
  }
  return problems;
}

async function publishingProblems(tarball: Buffer): Promise<string[]> {
  const { buffer, byteOffset, byteLength } = tarball;
  const { messages, pkg } = await publint({
    strict: true,
    pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer },
  });
  return messages
    .filter(({ type }) => type === 'error')
    .map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
}

async function typingProblems(tarball: Buffer): Promise<string[]> {
  const result = await checkPackage(createPackageFromTarballData(tarball));
  if (result.types === false) return ['has no types'];
  return result.problems.filter(concernsUs).map((problem) => {
    const where = 'entrypoint' in problem ? `${problem.entrypoint} from ${problem.resolutionKind}: ` : '';
    return `${where}${problemKindInfo[problem.kind].description}`;
  });
}

/** We publish modules only: what `require` and resolution older than `exports` make of them is known. */
function concernsUs(problem: Problem): boolean {
  return !('resolutionKind' in problem) || !['node10', 'node16-cjs'].includes(problem.resolutionKind);
}
