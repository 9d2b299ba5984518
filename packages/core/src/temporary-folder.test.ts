import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from './temporary-folder.js';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'temporary-folder-test-'));
});
afterEach(() => {
  rmSync(parent, { recursive: true });
});

/** The process id of a process that has ended. */
const gonePid = (): number => spawnSync(process.execPath, ['--version']).pid;

/** A folder with a file in it, as another process would have named its own. */
async function folderOf(pid: number, rename: (name: string) => string = (name) => name): Promise<string> {
  const own = await temporaryFolder(parent);
  const path = join(parent, rename(basename(own.path).replace(`-${process.pid}-`, `-${pid}-`)));
  await own.remove();
  mkdirSync(path);
  writeFileSync(join(path, 'answers'), 'private');
  return path;
}

describe('temporaryFolder', () => {
  it('makes folders that only their user may read, and removes them with what is in them', async () => {
    const [one, other] = [await temporaryFolder(parent), await temporaryFolder(parent)];
    expect(one.path).not.toBe(other.path);
    expect(statSync(one.path).mode & 0o777).toBe(0o700);
    writeFileSync(join(one.path, 'answers'), 'private');
    await one.remove();
    await one.remove();
    expect(existsSync(one.path)).toBe(false);
    expect(existsSync(other.path)).toBe(true);
  });

  it('removes what a killed process has left', async () => {
    const left = await folderOf(gonePid());
    await temporaryFolder(parent);
    expect(existsSync(left)).toBe(false);
  });

  it.each([
    ['a process that runs', () => folderOf(process.ppid)],
    ['another machine', () => folderOf(gonePid(), (name) => name.replace(/^costkit-./, 'costkit-g'))],
    ['somebody else', () => folderOf(gonePid(), (name) => `not-${name}`)],
  ])('leaves what belongs to %s', async (_, make) => {
    const path = await make();
    await temporaryFolder(parent);
    expect(existsSync(join(path, 'answers'))).toBe(true);
  });

  it('follows no links', async () => {
    const elsewhere = mkdtempSync(join(parent, 'elsewhere-'));
    writeFileSync(join(elsewhere, 'answers'), 'private');
    const left = await folderOf(gonePid());
    symlinkSync(elsewhere, join(left, 'link'));
    const name = basename(left);
    symlinkSync(elsewhere, join(parent, `${name.slice(0, -1)}_`));
    await temporaryFolder(parent);
    expect(existsSync(left)).toBe(false);
    expect(existsSync(join(elsewhere, 'answers'))).toBe(true);
  });
});
