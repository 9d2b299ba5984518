import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, posix } from 'node:path';
import type { SourceDocument } from '@costkit/embeddings';
import { CliUsageError } from '../cli-error.js';

/** Files that are read where no others are named. */
const TEXT_EXTENSIONS: readonly string[] = ['adoc', 'md', 'mdx', 'rst', 'txt'];

const isHidden = (name: string): boolean => name.startsWith('.') || name === 'node_modules';

/**
 * The text files of a folder and all folders in it, by their path from there; hidden ones and `node_modules` are left out.
 *
 * @throws `CliUsageError` where the folder cannot be read.
 */
export async function* folderSource(
  folder: string,
  extensions: readonly string[] = TEXT_EXTENSIONS,
): AsyncGenerator<SourceDocument> {
  yield* documentsIn(
    folder,
    '',
    new Set(extensions.map((extension) => `.${extension.replace(/^\./, '').toLowerCase()}`)),
  );
}

async function* documentsIn(
  folder: string,
  within: string,
  extensions: ReadonlySet<string>,
): AsyncGenerator<SourceDocument> {
  for (const entry of await entriesOf(join(folder, within))) {
    const id = posix.join(within, entry.name);
    if (isHidden(entry.name)) continue;
    if (entry.isDirectory()) yield* documentsIn(folder, id, extensions);
    else if (extensions.has(extname(entry.name).toLowerCase()))
      yield { id, text: await readFile(join(folder, id), 'utf8') };
  }
}

async function entriesOf(path: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch (cause) {
    throw new CliUsageError(
      `cannot read the folder "${path}". Name one that exists and can be read`,
      'COSTKIT_CANNOT_READ',
      { cause },
    );
  }
}
