import { createHash, randomUUID } from 'node:crypto';
import { open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChecksumAlgorithm, startChecksum } from './checksum.js';
import type { ObjectBody } from './object-store.js';

const BLOCK_BYTES = 256 * 1024;

/** What {@link writeBytes} saw go by. */
export interface WrittenBytes {
  readonly size: number;
  readonly md5: Buffer;
  /** Base64. */
  readonly checksum: string;
}

/** Writes bytes into a new file as they come, and digests them on the way. */
export const writeBytes = async (
  path: string,
  body: ObjectBody,
  algorithm: ChecksumAlgorithm,
): Promise<WrittenBytes> => {
  const handle = await open(path, 'wx');
  const md5 = createHash('md5');
  const checksum = startChecksum(algorithm);
  let size = 0;
  try {
    for await (const block of blocksOf(body)) {
      md5.update(block);
      checksum.update(block);
      size += block.byteLength;
      await handle.writeFile(block);
    }
  } finally {
    await handle.close();
  }
  return { size, md5: md5.digest(), checksum: (await checksum.digest()).toString('base64') };
};

/** Replaces a JSON file in one step: it holds the old value or the new one, never half of either. */
export const writeJson = async (path: string, value: unknown): Promise<void> => {
  const temporary = `${path}.${randomUUID()}.tmp`;
  await writeFile(temporary, JSON.stringify(value));
  await rename(temporary, path);
};

/** Reads a JSON file; `undefined` when there is none. */
export const readJson = async <Value>(path: string): Promise<Value | undefined> => {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  return text === undefined ? undefined : (JSON.parse(text) as Value);
};

/** Removes what an interrupted write left behind. */
export const removeUnknownFiles = async (folder: string, known: ReadonlySet<string>): Promise<void> => {
  for (const name of await readdir(folder)) {
    if (!known.has(name)) await rm(join(folder, name), { force: true });
  }
};

/** Joins small chunks: a write per line of a JSONL file would take most of a job's time. */
async function* blocksOf(body: ObjectBody): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) {
    yield body;
    return;
  }
  let pending: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    pending.push(chunk);
    bytes += chunk.byteLength;
    if (bytes < BLOCK_BYTES) continue;
    yield pending.length === 1 ? chunk : Buffer.concat(pending);
    pending = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(pending);
}
