import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddingError } from './errors.js';

/** Characters that are held before they are written: a small sync needs no file. */
const HELD_CHARACTERS = 4_000_000;
/** Nobody else may read it. */
const OWNER_ONLY = 0o600;

/** Lists of things that are written once and read in their order, as often as wanted, in memory that does not grow. */
export interface Spool<T> {
  append(piece: readonly T[]): Promise<void>;
  /** The pieces, as they were appended. */
  read(): AsyncGenerator<readonly T[]>;
  close(): Promise<void>;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly path: string;
}

/** Where a block of pieces stands in the file. */
interface Block {
  readonly at: number;
  readonly bytes: number;
}

/**
 * Makes a spool: in memory as long as it is small, then in a file among the temporary ones, which only this process and its
 * owner can read and which has no name any more as soon as it is open, so that a killed process leaves none (on Windows it
 * keeps its name until it is closed).
 */
export function createSpool<T>(heldCharacters: number = HELD_CHARACTERS): Spool<T> {
  const blocks: Block[] = [];
  let held: string[] = [];
  let characters = 0;
  let end = 0;
  let file: OpenFile | undefined;

  const openFile = async (): Promise<OpenFile> => {
    const path = join(tmpdir(), `costkit-embeddings-${randomUUID()}`);
    const handle = await open(path, 'wx+', OWNER_ONLY);
    // What cannot be removed while it is open is removed when it is closed.
    await rm(path).catch(() => undefined);
    return { handle, path };
  };
  const flush = async (): Promise<void> => {
    file ??= await openFile();
    const bytes = Buffer.from(`[${held.join(',')}]`);
    for (let written = 0; written < bytes.length; ) {
      const rest = bytes.length - written;
      written += (await file.handle.write(bytes, written, rest, end + written)).bytesWritten;
    }
    blocks.push({ at: end, bytes: bytes.length });
    end += bytes.length;
    held = [];
    characters = 0;
  };
  return {
    append: async (piece) => {
      const text = JSON.stringify(piece);
      held.push(text);
      characters += text.length;
      if (characters > heldCharacters) await flush();
    },
    read: async function* read() {
      for (const { at, bytes } of blocks) {
        yield* JSON.parse(await readBlock(file as OpenFile, at, bytes)) as T[][];
      }
      for (const piece of held) yield JSON.parse(piece) as T[];
    },
    close: async () => {
      if (file === undefined) return;
      await file.handle.close();
      await rm(file.path, { force: true });
    },
  };
}

/** @throws {@link EmbeddingError} `COSTKIT_EMBEDDINGS_STORE_FAILED` where the file is shorter than it was. */
async function readBlock({ handle }: OpenFile, at: number, bytes: number): Promise<string> {
  const block = Buffer.alloc(bytes);
  for (let read = 0; read < bytes; ) {
    const { bytesRead } = await handle.read(block, read, bytes - read, at + read);
    if (bytesRead === 0) {
      throw new EmbeddingError(
        'COSTKIT_EMBEDDINGS_STORE_FAILED',
        'the temporary file of the sync was cut short. Run the sync again: what was paid is kept',
      );
    }
    read += bytesRead;
  }
  return block.toString('utf8');
}
