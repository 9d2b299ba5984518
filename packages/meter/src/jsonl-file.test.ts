import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type JsonlFile, openJsonlFile } from './jsonl-file.js';

/** Bytes that the disk has room for. */
const disk = vi.hoisted(() => ({ freeBytes: Number.POSITIVE_INFINITY }));

vi.mock('node:fs/promises', async (importOriginal) => {
  const actual = await importOriginal<typeof import('node:fs/promises')>();
  return {
    ...actual,
    open: async (...args: Parameters<typeof actual.open>) => {
      const file = await actual.open(...args);
      const write = file.write.bind(file) as (data: Uint8Array, offset: number, length: number) => unknown;
      return Object.assign(file, {
        write: (data: Uint8Array, offset: number) => {
          const length = Math.min(disk.freeBytes, data.length - offset);
          if (length === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
          disk.freeBytes -= length;
          return write(data, offset, length);
        },
      });
    },
  };
});

let folder = '';
let path = '';
let cuts = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costkit-jsonl-'));
  path = join(folder, 'receipts.jsonl');
  disk.freeBytes = Number.POSITIVE_INFINITY;
  cuts = 0;
});
afterEach(() => rm(folder, { recursive: true }));

const opened: JsonlFile[] = [];
afterEach(async () => {
  for (const file of opened.splice(0)) await file.close();
});
async function open(): Promise<JsonlFile> {
  const file = await openJsonlFile(path, {
    permissions: 0o600,
    onCut: () => {
      cuts += 1;
    },
  });
  opened.push(file);
  return file;
}
const lines = async (): Promise<string[]> => (await readFile(path, 'utf8')).split('\n').slice(0, -1);
const noSpace = { code: 'ENOSPC' };

describe('openJsonlFile', () => {
  it('completes the line that a full disk has cut, once there is room', async () => {
    const file = await open();
    disk.freeBytes = 17;
    await expect(file.append('{"id":"one"}\n{"id":"two"}\n')).rejects.toMatchObject(noSpace);
    expect(file.behind).toBe(true);
    await expect(file.append('')).rejects.toMatchObject(noSpace);
    disk.freeBytes = Number.POSITIVE_INFINITY;
    await file.append('{"id":"three"}\n');
    expect(file.behind).toBe(false);
    expect(await lines()).toEqual(['{"id":"one"}', '{"id":"two"}', '{"id":"three"}']);
    expect(cuts).toBe(0);
  });

  it.each([0, 13, 26])(
    'loses and repeats nothing when the disk is full after %i bytes',
    async (freeBytes) => {
      const file = await open();
      disk.freeBytes = freeBytes;
      await file.append('{"id":"one"}\n{"id":"two"}\n').catch(() => undefined);
      disk.freeBytes = Number.POSITIVE_INFINITY;
      await file.append('{"id":"three"}\n');
      expect(await lines()).toEqual(['{"id":"one"}', '{"id":"two"}', '{"id":"three"}']);
    },
  );

  it('writes its line again where another process has written behind the half of it', async () => {
    const [ours, theirs] = [await open(), await open()];
    disk.freeBytes = 5;
    await expect(ours.append('{"id":"ours"}\n')).rejects.toMatchObject(noSpace);
    disk.freeBytes = Number.POSITIVE_INFINITY;
    await theirs.append('{"id":"theirs"}\n');
    await ours.append('{"id":"next"}\n');
    expect(await lines()).toEqual(['{"id"', '{"id":"theirs"}', '{"id":"ours"}', '{"id":"next"}']);
    expect(cuts).toBe(1);
  });

  it('ends the half line of a process that was killed, also while it has the file open itself', async () => {
    const file = await open();
    await file.append('{"id":"one"}\n');
    await appendFile(path, '{"id":"of the kill');
    await file.append('{"id":"two"}\n');
    expect(await lines()).toEqual(['{"id":"one"}', '{"id":"of the kill', '{"id":"two"}']);
    expect(cuts).toBe(1);
  });

  it('refuses a file that is there when it must be new', async () => {
    await writeFile(path, '');
    await expect(
      openJsonlFile(path, { permissions: 0o600, mustBeNew: true, onCut: () => undefined }),
    ).rejects.toMatchObject({ code: 'EEXIST' });
  });
});
