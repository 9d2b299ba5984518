import { type ChildProcessByStdio, type SpawnOptions, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** While working, the sources; in `pnpm test`, which has built it, what is published: it starts much faster. */
const COMMAND =
  process.env['COSTKIT_SHARED_MODULES'] === '1'
    ? [at('../bin.js')]
    : ['--import', import.meta.resolve('tsx'), '--conditions=@costkit/source', at('../src/bin.ts')];

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
