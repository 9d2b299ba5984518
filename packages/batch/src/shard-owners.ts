import type { Buffer } from 'node:buffer';
import type { KnownShard } from './batch-log.js';
import { ownersKey } from './job.js';
import { type OwnedRecord, type RefusedRecord, readOwner } from './owners.js';
import { endOfLine } from './read-lines.js';
import { readObject } from './read-object.js';
import { ORDINAL_DIGITS, ordinalOf } from './record-id.js';
import type { BatchJobOptions } from './types.js';

const OPENING_BRACKET = 91;

/** Whose the records of a shard are. */
export interface ShardOwners {
  /** Records that are in no input file. */
  readonly refused: readonly RefusedRecord[];
  /** Whose a record is that was not taken yet. */
  get(id: string): OwnedRecord | undefined;
  /** Whose a record is, the first time that somebody asks. */
  take(id: string): OwnedRecord | undefined;
  /** Those that were not taken, in the order of the file. */
  left(): Iterable<OwnedRecord>;
}

/** Reads whose the records of a shard are. */
export async function readOwners(options: BatchJobOptions, { staged }: KnownShard): Promise<ShardOwners> {
  return ownersOf(await readObject(options, ownersKey(staged.key)));
}

/**
 * Makes owners of their file. A shard is as much as is in memory at the same time: as bytes, which take less room than what
 * they say.
 */
export function ownersOf(bytes: Buffer): ShardOwners {
  const read = (from: number) => readOwner(bytes.toString('utf8', from, endOfLine(bytes, from)));

  const refused: RefusedRecord[] = [];
  /** Where the line of a record begins, by its place in the source. */
  const lines = new Map<number, number>();
  for (let from = 0; from < bytes.length; from = endOfLine(bytes, from) + 1) {
    // Lines of this form tell only as JSON what they are.
    const owner = bytes[from] === OPENING_BRACKET ? read(from) : undefined;
    if (owner === undefined)
      lines.set(ordinalOf(bytes.toString('latin1', from, from + ORDINAL_DIGITS)), from);
    else if ('id' in owner) lines.set(owner.owner.ordinal, from);
    else refused.push(owner);
  }

  const get = (id: string): OwnedRecord | undefined => {
    const from = lines.get(ordinalOf(id));
    if (from === undefined) return undefined;
    const record = read(from) as OwnedRecord;
    return record.id === id ? record : undefined;
  };
  return {
    refused,
    get,
    take: (id) => {
      const record = get(id);
      if (record !== undefined) lines.delete(record.owner.ordinal);
      return record;
    },
    *left() {
      for (const from of lines.values()) yield read(from) as OwnedRecord;
    },
  };
}
