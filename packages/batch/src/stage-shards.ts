import { createHash } from 'node:crypto';
import type { BatchLog } from './batch-log.js';
import { inputKey } from './job.js';
import { type OpenShard, openShard } from './open-shard.js';
import type { FailureReason, Owner, RefusedRecord } from './owners.js';
import { writeLine } from './record-line.js';
import {
  bytesOf,
  createShardCutter,
  maxLineBytes,
  type ShardLimits,
  type ShardLine,
} from './shard-cutter.js';
import type { BatchJobOptions } from './types.js';

/** A record on its way into a shard. */
export interface StagedLine extends ShardLine {
  line: string;
  readonly id: string;
  readonly owners: Owner[];
  readonly reason: FailureReason | undefined;
  /** Its shard is complete: nobody else can share its answer. */
  closed: boolean;
}

/** Writes the records of one round to the bucket, shard by shard. */
export interface Stager {
  /**
   * Takes a record, or refuses it: it is too large.
   *
   * @returns the record, as others may share its answer; what is to be waited for.
   */
  push(id: string, modelInput: string, owner: Owner, reason?: FailureReason): StagedLine | undefined;
  /** Must be awaited after every `push` and `refuse` where it is set. */
  readonly wait: Promise<void> | undefined;
  /** Writes down that a record is in no shard, and why. */
  refuse(record: RefusedRecord): void;
  /** No more records come. @returns those that are too few for a shard. */
  end(): Promise<readonly StagedLine[]>;
  /** Gives up: no upload stays half done. */
  abort(): Promise<void>;
  /** Shards so far. */
  readonly shards: number;
  /** Told when a shard is complete. */
  onClose: () => void;
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
  /** Number of the first shard. @defaultValue 0 */
  readonly first?: number;
  /** Others may join a record until its shard is complete: it is kept until then. @defaultValue `false` */
  readonly isShared?: boolean;
}

/** Refusals without a record between them that make a shard of their own. */
const MOST_REFUSED = 50_000;

/** Makes a stager. What the journal knows to be staged is not written again, but must be the same. */
export function createStager(
  { options, log, round }: StagingPlace,
  { via, limits, first = 0, isShared = false }: StagingWay,
): Stager {
  const known = log.round(round).shards;
  const longest = maxLineBytes(limits);
  let shards = first;
  let shard: OpenShard | undefined;
  let wait: Promise<void> | undefined;

  const open = (): OpenShard => {
    shard ??= openShard(options, inputKey(options, log.batch, round, shards), known[shards]?.staged);
    return shard;
  };

  const close = async (): Promise<void> => {
    const { key, records, bytes, finish } = open();
    const digest = await finish();
    if (known[shards] === undefined) {
      const token = createHash('sha256')
        .update(JSON.stringify([log.batch, round, shards, digest]))
        .digest('hex')
        .slice(0, 40);
      await log.append({ step: 'staged', token, round, shard: shards, via, key, records, bytes, digest });
    }
    shard = undefined;
    shards += 1;
    stager.onClose();
  };

  const cutter = createShardCutter<StagedLine>(limits, {
    put: (record) => open().put(record, isShared),
    close,
  });

  const stager: Stager = {
    push: (id, modelInput, owner, reason) => {
      const line = writeLine(id, modelInput);
      const record: StagedLine = { line, bytes: bytesOf(line), id, owners: [owner], reason, closed: false };
      if (record.bytes <= longest) {
        wait = cutter.push(record);
        return record;
      }
      stager.refuse({
        ...owner,
        errorCode: 'RecordTooLarge',
        errorMessage: `The record has ${record.bytes} bytes, at most ${longest} are possible. Name media by their S3 address instead of carrying their bytes.`,
      });
      return undefined;
    },
    get wait() {
      return wait;
    },
    refuse: (record) => {
      const { refuse, refused, records } = open();
      wait = refuse(record);
      if (records === 0 && refused + 1 >= MOST_REFUSED) wait = Promise.resolve(wait).then(close);
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
    onClose: () => undefined,
  };
  return stager;
}
