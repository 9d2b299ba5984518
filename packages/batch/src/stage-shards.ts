import { createHash } from 'node:crypto';
import type { BatchLog } from './batch-log.js';
import { BatchError } from './errors.js';
import { inputKey, ownersKey } from './job.js';
import { type FailureReason, type Owner, type RefusedRecord, writeOwners } from './owners.js';
import { writeLine } from './record-line.js';
import {
  bytesOf,
  createShardCutter,
  maxLineBytes,
  type ShardLimits,
  type ShardLine,
} from './shard-cutter.js';
import type { BatchJobOptions } from './types.js';
import { type LineUpload, uploadLines } from './upload-lines.js';

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
  /** Must be awaited after every `push` where it is set. */
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

/**
 * Makes a stager. What the journal knows to be staged is not written again, but must be the same.
 *
 * @param first - number of the first shard.
 */
export function createStager(
  { options, log, round }: StagingPlace,
  via: 'job' | 'single',
  limits: ShardLimits,
  first = 0,
): Stager {
  const known = log.round(round).shards;
  const longest = maxLineBytes(limits);
  let shards = first;
  let upload: LineUpload | undefined;
  let records: StagedLine[] = [];
  let refused: RefusedRecord[] = [];
  let bytes = 0;
  let wait: Promise<void> | undefined;

  const write = ({ line }: StagedLine): Promise<void> | undefined => {
    if (known[shards] !== undefined) return undefined;
    if (upload !== undefined) return upload.write(line);
    return uploadLines(options, inputKey(options, log.batch, round, shards)).then((begun) => {
      upload = begun;
      return begun.write(line);
    });
  };

  const close = async (): Promise<void> => {
    const owners = writeOwners(records, refused);
    const digest = createHash('sha256').update(owners).digest('hex').slice(0, 40);
    const before = known[shards]?.staged;
    if (before === undefined) {
      const key = inputKey(options, log.batch, round, shards);
      await upload?.end();
      await putText(options, ownersKey(key), owners);
      const token = createHash('sha256')
        .update(JSON.stringify([log.batch, round, shards, digest]))
        .digest('hex')
        .slice(0, 40);
      await log.append({
        step: 'staged',
        token,
        round,
        shard: shards,
        via,
        key,
        records: records.length,
        bytes,
        digest,
      });
    } else if (before.digest !== digest) throw otherRecords(before.key);
    for (const record of records) record.closed = true;
    upload = undefined;
    records = [];
    refused = [];
    bytes = 0;
    shards += 1;
    stager.onClose();
  };

  const cutter = createShardCutter<StagedLine>(limits, {
    put: (record) => {
      const written = write(record);
      // From here on only the answer is waited for: the request stands in the bucket.
      record.line = '';
      records.push(record);
      bytes += record.bytes;
      return written;
    },
    close,
  });

  const stager: Stager = {
    push: (id, modelInput, owner, reason) => {
      const line = writeLine(id, modelInput);
      const record: StagedLine = { line, bytes: bytesOf(line), id, owners: [owner], reason, closed: false };
      if (record.bytes > longest) {
        wait = undefined;
        refused.push({
          ...owner,
          errorCode: 'RecordTooLarge',
          errorMessage: `The record has ${record.bytes} bytes, at most ${longest} are possible. Name media by their S3 address instead of carrying their bytes.`,
        });
        return undefined;
      }
      wait = cutter.push(record);
      return record;
    },
    get wait() {
      return wait;
    },
    refuse: (record) => {
      refused.push(record);
    },
    end: async () => {
      const rest = await cutter.end();
      if (refused.length > 0) await close();
      return rest;
    },
    abort: async () => upload?.abort(),
    get shards() {
      return shards;
    },
    onClose: () => undefined,
  };
  return stager;
}

async function putText({ s3, bucket }: BatchJobOptions, Key: string, Body: string): Promise<void> {
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
}

const otherRecords = (key: string): BatchError =>
  new BatchError(
    'COSTKIT_BATCH_JOURNAL_INVALID',
    `the journal is of other records: they differ from those in ${key}. Give these records a journal of their own`,
  );
