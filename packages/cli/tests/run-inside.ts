import process from 'node:process';
import { vi } from 'vitest';
import { runProgram } from '../src/run-program.js';
import type { CommandRun } from './start-command.js';

/**
 * Runs `costkit` to its end inside the tests' own process, which has loaded it already: what it prints is kept from
 * the terminal. What a process of its own matters for, its start, signals and pipes, is `runCommand`'s.
 */
export async function runInside(
  args: readonly string[],
  { env = {} }: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<CommandRun> {
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      printed[name] += String(chunk);
      return true;
    }),
  );
  const codeBefore = process.exitCode;
  process.exitCode = undefined;
  for (const [name, value] of Object.entries({ NO_COLOR: '1', ...env })) vi.stubEnv(name, value);
  try {
    await runProgram(args);
    return { code: Number(process.exitCode ?? 0), ...printed };
  } finally {
    vi.unstubAllEnvs();
    process.exitCode = codeBefore;
    for (const spy of spies) spy.mockRestore();
  }
}
