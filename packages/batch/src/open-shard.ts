import { createHash } from 'node:crypto';
import { BatchError } from './errors.js';
import { ownersKey } from './job.js';
import type { StagedShard } from './journal.js';
import { ownedLine, type RefusedRecord, refusedLine } from './owners.js';
import type { StagedLine } from './stage-shards.js';
import type { BatchJobOptions } from './types.js';
import { type LineUpload, uploadLines } from './upload-lines.js';

/** The two files of a shard while they are written: its records, and whose they are. */
export interface OpenShard {
  readonly key: string;
  readonly records: number;
  readonly refused: number;
  readonly bytes: number;
  put(record: StagedLine): Promise<void> | undefined;
  refuse(record: RefusedRecord): Promise<void> | undefined;
  /** @returns the hash of its records, and of whose they are. @throws {@link BatchError} where it should be another. */
  finish(): Promise<string>;
  abort(): Promise<void>;
}

/** Lines that are hashed together: one by one would cost more than to write them. */
const OWNERS_AT_ONCE = 1_000;

/** Opens a shard. @param before - it as the journal knows it: then nothing is written, but it must be the same. */
export function openShard(options: BatchJobOptions, key: string, before: StagedShard | undefined): OpenShard {
  const hash = createHash('sha256');
  const uploads = new Map<string, LineUpload>();
  let owners: string[] = [];
  let [records, refused, bytes] = [0, 0, 0];

  const writeTo = (file: string, line: string): Promise<void> | undefined => {
    if (before !== undefined) return undefined;
    const upload = uploads.get(file);
    if (upload !== undefined) return upload.write(line);
    return uploadLines(options, file).then((begun) => {
      uploads.set(file, begun);
      return begun.write(line);
    });
  };
  const flushOwners = (): Promise<void> | undefined => {
    const text = owners.join('');
    owners = [];
    hash.update(text);
    return writeTo(ownersKey(key), text);
  };
  const own = (line: string): Promise<void> | undefined =>
    owners.push(line) < OWNERS_AT_ONCE ? undefined : flushOwners();
  const both = (
    one: Promise<void> | undefined,
    other: Promise<void> | undefined,
  ): Promise<void> | undefined =>
    one === undefined || other === undefined
      ? (one ?? other)
      : Promise.all([one, other]).then(() => undefined);

  return {
    key,
    get records() {
      return records;
    },
    get refused() {
      return refused;
    },
    get bytes() {
      return bytes;
    },
    put: (record) => {
      records += 1;
      bytes += record.bytes;
      return both(writeTo(key, record.line), own(ownedLine(record)));
    },
    refuse: (record) => {
      refused += 1;
      return own(refusedLine(record));
    },
    finish: async () => {
      await flushOwners();
      await Promise.all([...uploads.values()].map((upload) => upload.end()));
      const digest = hash.digest('hex').slice(0, 40);
      if (before !== undefined && before.digest !== digest) throw otherRecords(key);
      return digest;
    },
    abort: async () => {
      await Promise.all([...uploads.values()].map((upload) => upload.abort()));
    },
  };
}

/** The journal knows other records than these. */
export const otherRecords = (key: string): BatchError =>
  new BatchError(
    'COSTKIT_BATCH_JOURNAL_INVALID',
    `the journal is of other records: they differ from those in ${key}. Give these records a journal of their own`,
  );
