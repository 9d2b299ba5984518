import { type ChildProcessByStdio, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
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

/** How a command ended, and what it printed. */
export interface CommandRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `costkit` in a process of its own, to its end. */
export async function runCommand(...given: Parameters<typeof startCommand>): Promise<CommandRun> {
  const child = startCommand(...given);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}
