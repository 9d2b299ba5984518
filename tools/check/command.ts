import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { ROOT, readManifest } from '../workspace.js';

/** What a finished command leaves behind. */
export interface CommandResult {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  /** Standard output and standard error in the order of arrival. */
  readonly output: string;
  readonly stdout: string;
  readonly timedOut: boolean;
}

/** How {@link runCommand} runs a command. */
export interface CommandOptions {
  /** @defaultValue the repository */
  readonly cwd?: string;
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The command and everything that it started are killed after this time. @defaultValue 10 minutes */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 600_000;
const running = new Set<number>();

/**
 * Runs a command to its end and captures what it prints. Locally installed commands are found by name.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { cwd = ROOT, env = {}, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const path = [join(ROOT, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter);
  return new Promise((resolve, reject) => {
    // A process group of its own: a timeout then also ends the grandchildren.
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, PATH: path, NO_COLOR: '1', FORCE_COLOR: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const chunks: Buffer[] = [];
    let timedOut = false;
    const { pid } = child;
    if (pid !== undefined) running.add(pid);
    const timer = setTimeout(() => {
      timedOut = true;
      if (pid !== undefined) killGroup(pid);
    }, timeoutMs);
    const stdout: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      stdout.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      if (pid !== undefined) running.delete(pid);
      const output = Buffer.concat(chunks).toString('utf8');
      const notice = timedOut ? `\nstopped after ${Math.round(timeoutMs / 1000)} s\n` : '';
      resolve({
        exitCode,
        output: output + notice,
        stdout: Buffer.concat(stdout).toString('utf8'),
        timedOut,
      });
    });
  });
}

/** Ends every command that still runs, so that an interrupted check leaves nothing behind. */
export function killAll(): void {
  for (const pid of running) killGroup(pid);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended in the meantime.
  }
}

/** The command line that starts the pnpm this repository is pinned to, however this process was started. */
function pnpmCommand(): readonly [string, ...string[]] {
  const execPath = process.env['npm_execpath'];
  if (execPath?.includes('pnpm')) return execPath.endsWith('js') ? [process.execPath, execPath] : [execPath];
  return ['npx', '-y', readManifest(ROOT).packageManager ?? 'pnpm'];
}

/** Runs the repository's pnpm. */
export function runPnpm(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [command, ...prefix] = pnpmCommand();
  return runCommand(command, [...prefix, ...args], options);
}
