import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DistillationError } from './distillation-error.js';
import type { SourceFile } from './source-file.js';

/** A file of this machine. */
export const localFile = (name: string): SourceFile => ({ name, bytes: () => createReadStream(name) });

/**
 * The files of a folder and of those in it, or the file itself with the bodies of records that stand beside it.
 *
 * @throws DistillationError `COSTKIT_DISTILLATION_SOURCE_INVALID` for a path that cannot be read.
 */
export async function localFiles(path: string): Promise<readonly SourceFile[]> {
  try {
    if ((await stat(path)).isDirectory()) return await filesBelow(path);
    const data = await filesBelow(join(dirname(path), 'data')).catch(() => []);
    return [localFile(path), ...data];
  } catch (cause) {
    throw new DistillationError(
      'COSTKIT_DISTILLATION_SOURCE_INVALID',
      `"${path}" cannot be read. Give a file or folder of logs, batch outputs or examples, or s3://bucket/prefix`,
      { cause },
    );
  }
}

async function filesBelow(folder: string): Promise<readonly SourceFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map(({ parentPath, name }) => join(parentPath, name));
  return names.sort().map(localFile);
}
