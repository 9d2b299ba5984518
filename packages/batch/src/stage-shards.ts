import { createHash } from 'node:crypto';
import type { BatchLog } from './batch-log.js';
import { inputKey } from './job.js';
import { type OpenShard, openShard } from './open-shard.js';
import type { OwnedRecord, RefusedRecord } from './owners.js';
import { writeLine } from './record-line.js';
import { bytesOf, createShardCutter, type ShardLimits, type ShardLine } from './shard-cutter.js';
import type { BatchJobOptions } from './types.js';

/** A record on its way into a shard. */
export interface StagedLine extends ShardLine, OwnedRecord {}

/** Writes the records of one round to the bucket, shard by shard. */
export interface Stager {
  /**
   * Takes a record, or refuses it: it is too large. What it returns is waited for; `undefined`: there is nothing to wait
   * for.
   */
  push(record: OwnedRecord, modelInput: string): Promise<void> | undefined;
  /** Writes down that a record is in no shard, and why. What it returns is waited for. */
  refuse(record: RefusedRecord): Promise<void> | undefined;
  /** No more records come. @returns those that are too few for a shard. */
  end(): Promise<readonly StagedLine[]>;
  /** Gives up: no upload stays half done. */
  abort(): Promise<void>;
  /** Shards so far. */
  readonly shards: number;
}

/** Where shards are staged. */
export interface StagingPlace {
  readonly options: BatchJobOptions;
  readonly log: BatchLog;
  readonly round: number;
}

/** How the records of a round go into shards. */
export interface StagingWay {
  readonly via: 'job' | 'single';
  readonly limits: ShardLimits;
  /** Its records are what a round that was cut for jobs has left. @defaultValue `false` */
  readonly isRest?: boolean;
  /** Number of the first shard. @defaultValue 0 */
  readonly first?: number;
  /** What is thrown where all records together are too few. @defaultValue they are left to be sent one by one */
  readonly tooFew?: ((records: number) => Error) | undefined;
}

/** Refusals without a record between them that make a shard of their own. */
const MOST_REFUSED = 50_000;

/** Makes a stager. What the journal knows to be staged is not written again, but must be the same. */
export function createStager(
  { options, log, round }: StagingPlace,
  { via, limits, isRest = false, first = 0, tooFew }: StagingWay,
): Stager {
  const known = log.round(round).shards;
  let shards = first;
  let shard: OpenShard | undefined;

  const open = (): OpenShard => {
    shard ??= openShard(options, inputKey(options, log.batch, round, shards), known[shards]?.staged);
    return shard;
  };

  const close = async (isShort = false): Promise<void> => {
    const { key, records, bytes, finish } = open();
    if (isShort && shards === 0 && tooFew !== undefined) throw tooFew(records);
    const digest = await finish();
    if (known[shards] === undefined) {
      const token = createHash('sha256')
        .update(JSON.stringify([log.batch, round, shards, digest]))
        .digest('hex')
        .slice(0, 40);
      const way = isShort ? 'single' : via;
      await log.append({
        step: 'staged',
        token,
        round,
        shard: shards,
        via: way,
        ...(isShort || isRest ? { isShort: true } : {}),
        key,
        records,
        bytes,
        digest,
      });
    }
    shard = undefined;
    shards += 1;
  };

  const cutter = createShardCutter<StagedLine>(limits, { put: (record) => open().put(record), close });

  const stager: Stager = {
    push: ({ id, owner, reason }, modelInput) => {
      const line = writeLine(id, modelInput);
      const bytes = bytesOf(line);
      if (bytes <= cutter.room) return cutter.push({ line, bytes, id, owner, reason });
      return stager.refuse({
        ...owner,
        errorCode: 'RecordTooLarge',
        errorMessage: `The record has ${bytes} bytes, and the file that is being written has room for one of ${cutter.room}. Name media by their S3 address instead of carrying their bytes.`,
      });
    },
    refuse: (record) => {
      const { refuse, refused, records } = open();
      const wait = refuse(record);
      return records === 0 && refused + 1 >= MOST_REFUSED ? Promise.resolve(wait).then(() => close()) : wait;
    },
    end: async () => {
      const rest = await cutter.end();
      if (shard !== undefined) await close();
      return rest;
    },
    abort: async () => shard?.abort(),
    get shards() {
      return shards;
    },
  };
  return stager;
}
