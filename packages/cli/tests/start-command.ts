import { type ChildProcessByStdio, type SpawnOptions, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const BUILT = fileURLToPath(new URL('../bin.js', import.meta.url));
const SOURCE = fileURLToPath(new URL('../src/bin.ts', import.meta.url));

/** While working, the sources; in `pnpm test`, which has built it, what is published: it starts much faster. */
const COMMAND =
  process.env['COSTKIT_SHARED_MODULES'] === '1'
    ? [BUILT]
    : ['--import', import.meta.resolve('tsx'), '--conditions=@costkit/source', SOURCE];

/** Starts `costkit` in a process of its own, as people do; nobody types into it, and what it prints is piped. */
export function startCommand(
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env'> = {},
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [...COMMAND, ...args], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...options.env },
  });
}
