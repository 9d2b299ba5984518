/**
 * Folders for what does not fit into memory. They hold prompts and answers, and a process that is killed cannot remove
 * its own: the next one of costkit on the machine does.
 * @module
 */
import { createHash } from 'node:crypto';
import { lstat, mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of one process. */
export interface TemporaryFolder {
  readonly path: string;
  /** Removes it with all that is in it. */
  remove(): Promise<void>;
}

const NAME = /^costkit-(?<machine>[0-9a-f]{12})-(?<pid>\d+)-/;

/** Process ids mean something on one machine, and in a container for itself. */
async function machine(): Promise<string> {
  const container = await readlink('/proc/self/ns/pid').catch(() => '');
  return createHash('sha256').update(`${hostname()} ${container}`).digest('hex').slice(0, 12);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one, too.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true });

/** Removes folders of this user whose processes are gone. One that cannot be removed stays. */
async function sweep(parent: string, here: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const { machine: its, pid } = NAME.exec(name)?.groups ?? {};
    if (its !== here || isAlive(Number(pid))) continue;
    const path = join(parent, name);
    const found = await lstat(path).catch(() => undefined);
    const isOwn = found?.isDirectory() === true && found.uid === (process.getuid?.() ?? found.uid);
    if (isOwn) await remove(path).catch(() => undefined);
  }
}

/**
 * Makes a folder among the temporary ones that only the user of the process may read, and removes those of processes that
 * were killed.
 *
 * @param parent - folder in which it is made. @defaultValue that of the operating system
 *
 * @example
 * ```ts
 * const folder = await temporaryFolder();
 * try {
 *   await writeFile(join(folder.path, 'part'), text);
 * } finally {
 *   await folder.remove();
 * }
 * ```
 */
export async function temporaryFolder(parent: string = tmpdir()): Promise<TemporaryFolder> {
  const here = await machine();
  await sweep(parent, here);
  // Nobody else may read it (0700): so says mkdtemp.
  const path = await mkdtemp(join(parent, `costkit-${here}-${process.pid}-`));
  return { path, remove: () => remove(path) };
}
