import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
  let file: { readonly handle: FileHandle; readonly path: string } | undefined;

  const openFile = async () => {
    const path = join(tmpdir(), `costkit-embeddings-${randomUUID()}`);
    const handle = await open(path, 'wx+', OWNER_ONLY);
    // What cannot be removed while it is open is removed when it is closed.
    await rm(path).catch(() => undefined);
    return { handle, path };
  };
  const flush = async (): Promise<void> => {
    file ??= await openFile();
    const bytes = Buffer.from(`[${held.join(',')}]`);
    await file.handle.write(bytes, 0, bytes.length, end);
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
        const block = Buffer.alloc(bytes);
        await file?.handle.read(block, 0, bytes, at);
        yield* JSON.parse(block.toString('utf8')) as T[][];
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
