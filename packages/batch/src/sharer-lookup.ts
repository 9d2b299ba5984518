import { Buffer } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import type { BatchEvent } from './harvest.js';
import { sharersKey } from './job.js';
import type { Owner } from './owners.js';
import { readObjectLines } from './read-object.js';
import { hashOf, wireId } from './record-id.js';
import { readSharer } from './sharers.js';
import type { BatchJobOptions } from './types.js';

/** Finds who shares the answer of a record. */
export interface SharerLookup {
  /** Those who do, some at a time; `undefined`: nobody does. One reading at a time. */
  of(ordinal: number): AsyncGenerator<readonly Owner[]> | undefined;
  /** Removes what stands on disk. */
  close(): Promise<void>;
}

const NEWLINE = 0x0a;
/** Bytes of the file that are read at once: those who share neighbouring answers stand beside each other. */
const BLOCK_BYTES = 64 * 1_024;

/**
 * Opens the file of a batch's sharers: a copy on disk, and in memory twelve bytes for each answer that is shared, which are
 * at most as many as requests are remembered while they are staged.
 */
export async function openSharers(options: BatchJobOptions, batch: string): Promise<SharerLookup> {
  const [{ open }, { join }, { temporaryFolder }] = await Promise.all([
    import('node:fs/promises'),
    import('node:path'),
    import('@costkit/core/temporary-folder'),
  ]);
  const folder = await temporaryFolder();
  const file = await open(join(folder.path, 'sharers'), 'wx+', 0o600);
  const close = async (): Promise<void> => {
    await file.close();
    await folder.remove();
  };
  try {
    const index = createPlaces();
    let size = 0;
    for await (const lines of readObjectLines(options, sharersKey(options, batch))) {
      for (const line of lines) {
        // [first,…
        index.add(Number.parseInt(line.slice(1), 10), size);
        size += Buffer.byteLength(line) + 1;
      }
      await file.appendFile(lines.map((line) => `${line}\n`).join(''));
    }
    const blocks = blocksOf(file);
    return {
      of: (ordinal) => {
        const place = index.find(ordinal);
        return place === undefined ? undefined : ownersIn(blocks, place.from, place.to ?? size);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Where the lines of each first record begin: they come in the order of those records. */
function createPlaces() {
  let firsts = new Uint32Array(1_024);
  let starts = new Float64Array(1_024);
  let count = 0;
  return {
    add: (first: number, at: number): void => {
      if (count > 0 && firsts[count - 1] === first) return;
      if (count === firsts.length) {
        const [moreFirsts, moreStarts] = [new Uint32Array(2 * count), new Float64Array(2 * count)];
        moreFirsts.set(firsts);
        moreStarts.set(starts);
        [firsts, starts] = [moreFirsts, moreStarts];
      }
      firsts[count] = first;
      starts[count] = at;
      count += 1;
    },
    /** @returns where its lines stand; `to` is `undefined` for the last. */
    find: (first: number): { readonly from: number; readonly to: number | undefined } | undefined => {
      let [low, high] = [0, count - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((firsts[middle] as number) < first) low = middle + 1;
        else high = middle;
      }
      if (count === 0 || firsts[low] !== first) return undefined;
      return { from: starts[low] as number, to: low + 1 < count ? starts[low + 1] : undefined };
    },
  };
}

/** Reads a file in blocks, and remembers the last. */
function blocksOf(file: FileHandle): (from: number) => Promise<Buffer> {
  let [start, block] = [0, Buffer.alloc(0)];
  return async (from) => {
    if (from < start || from >= start + block.length) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(BLOCK_BYTES), 0, BLOCK_BYTES, from);
      [start, block] = [from, buffer.subarray(0, bytesRead)];
    }
    return block.subarray(from - start);
  };
}

async function* ownersIn(
  blocks: (from: number) => Promise<Buffer>,
  from: number,
  to: number,
): AsyncGenerator<readonly Owner[]> {
  let rest = Buffer.alloc(0);
  for (let at = from; at < to; ) {
    const block = (await blocks(at)).subarray(0, to - at);
    at += block.length;
    const bytes = rest.length === 0 ? block : Buffer.concat([rest, block]);
    const end = bytes.lastIndexOf(NEWLINE);
    rest = Buffer.from(bytes.subarray(end + 1));
    if (end !== -1) yield bytes.toString('utf8', 0, end).split('\n').map(readSharer);
  }
}

/** Events that are handed on together where an answer has many sharers. */
const EVENTS_AT_ONCE = 1_000;

/** Adds to what became of each record the same for those who asked the same. */
export async function* withSharers(
  groups: AsyncIterable<readonly BatchEvent[]>,
  lookup: SharerLookup,
): AsyncGenerator<readonly BatchEvent[]> {
  let told: BatchEvent[] = [];
  for await (const events of groups) {
    for (const event of events) {
      told.push(event);
      const sharers = lookup.of(event.owner.ordinal);
      if (sharers === undefined) continue;
      for await (const owners of sharers) {
        for (const owner of owners) told.push(shared(event, owner));
        if (told.length < EVENTS_AT_ONCE) continue;
        yield told;
        told = [];
      }
    }
    yield told;
    told = [];
  }
}

function shared(event: BatchEvent, owner: Owner): BatchEvent {
  const id = wireId(owner.ordinal, hashOf(event.id));
  return 'failure' in event ? { ...event, owner, id } : { ...event, owner, id, isShared: true };
}
