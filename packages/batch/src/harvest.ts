import type { KnownShard } from './batch-log.js';
import { isWorthRetrying, NOT_SENT, reasonOfEnd } from './failure-reasons.js';
import { type OutputLine, ownersKey } from './job.js';
import {
  type FailureReason,
  type OwnedRecord,
  type Owner,
  ownedId,
  type RefusedRecord,
  readOwner,
} from './owners.js';
import { type BrokenLines, readObject, readOutput } from './read-output.js';
import { wireId } from './record-id.js';
import { idOf, modelInputOf } from './record-line.js';
import type { BatchJobOptions } from './types.js';
import type { JobEnd } from './wait-for-job.js';

/** What became of one record of the source. */
export type BatchEvent =
  | {
      readonly owner: Owner;
      readonly id: string;
      readonly round: number;
      readonly line: OutputLine;
      /** It was paid with the same request of another. */
      readonly isShared: boolean;
    }
  | { readonly owner: Owner; readonly id: string; readonly round: number; readonly failure: FailureReason };

/** A record that gets another attempt. */
export interface RetriedRecord {
  readonly record: OwnedRecord;
  readonly reason: FailureReason;
  readonly modelInput: string;
}

/** Whose the records of a shard are, by their ids: as lines, which take less room than what they say. */
export type OwnerLines = Map<string, string>;

/** Reads whose the records of a shard are; a shard is as much as is in memory at the same time. */
export async function readOwners(
  options: BatchJobOptions,
  { staged }: KnownShard,
): Promise<{ readonly records: OwnerLines; readonly refused: BatchEvent[] }> {
  const records: OwnerLines = new Map();
  const refused: BatchEvent[] = [];
  for await (const lines of readObject(options, ownersKey(staged.key))) {
    for (const line of lines) {
      const id = ownedId(line);
      if (id === undefined) refused.push(refusal(readOwner(line) as RefusedRecord, staged.round));
      else records.set(id, line);
    }
  }
  return { records, refused };
}

const refusal = (
  { ordinal, recordId, errorCode, errorMessage }: RefusedRecord,
  round: number,
): BatchEvent => ({
  owner: { ordinal, recordId },
  id: wireId(ordinal, ''),
  round,
  failure: { errorCode, errorMessage },
});

/** The event of a record that was answered. @param owned - the line that says whose it is. */
export function answered(owned: string, line: OutputLine, round: number): BatchEvent {
  const { id, owner } = readOwner(owned) as OwnedRecord;
  return { owner, id, round, line, isShared: false };
}

/** The event of a record that stays without an answer. */
export function failed(owned: string, failure: FailureReason, round: number): BatchEvent {
  const { id, owner } = readOwner(owned) as OwnedRecord;
  return { owner, id, round, failure };
}

/** What to do with the records that a job did not answer. */
export interface Harvesting {
  readonly options: BatchJobOptions;
  readonly broken: BrokenLines;
  /** Whether a record that is worth it gets another attempt. */
  mayRetry(reason: FailureReason): boolean;
  /** Takes it, in the order of the input file. */
  retry(record: RetriedRecord): Promise<void>;
}

/**
 * Joins a job's output with whose its records are, each record once. What failed and may be tried again is handed to
 * `retry` instead.
 */
export async function* harvestJob(
  { options, broken, mayRetry, retry }: Harvesting,
  shard: KnownShard,
  end: JobEnd,
): AsyncGenerator<readonly BatchEvent[]> {
  const { token, key, round } = shard.staged;
  const { records, refused } = await readOwners(options, shard);
  yield refused;
  const again = new Map<string, FailureReason>();
  for await (const lines of readOutput(options, token, broken)) {
    const events: BatchEvent[] = [];
    for (const line of lines) {
      const record = records.get(line.recordId);
      // Not of this shard, or handed on already.
      if (record === undefined || again.has(line.recordId)) continue;
      if (line.modelOutput !== undefined && line.modelOutput !== null) {
        records.delete(line.recordId);
        events.push(answered(record, line, round));
        continue;
      }
      const reason = reasonOfLine(line);
      if (isWorthRetrying(reason) && mayRetry(reason)) again.set(line.recordId, reason);
      else {
        records.delete(line.recordId);
        events.push(failed(record, reason, round));
      }
    }
    yield events;
  }
  const leftOut = reasonOfEnd(end);
  const retryLeftOut = isWorthRetrying(leftOut) && mayRetry(leftOut);
  // What was not sent again keeps the reason for which it was to be.
  const leftOutOf = (record: string): FailureReason =>
    (end.status === NOT_SENT ? (readOwner(record) as OwnedRecord).reason : undefined) ?? leftOut;
  const events: BatchEvent[] = [];
  for (const [id, record] of records) {
    if (again.has(id)) continue;
    if (retryLeftOut) again.set(id, leftOut);
    else events.push(failed(record, leftOutOf(record), round));
  }
  yield events;
  if (again.size === 0) return;
  for await (const lines of readObject(options, key)) {
    for (const line of lines) {
      const id = idOf(line);
      const [record, reason] = [records.get(id), again.get(id)];
      if (record === undefined || reason === undefined) continue;
      const owned = readOwner(record) as OwnedRecord;
      await retry({ record: owned, reason, modelInput: modelInputOf(line) });
    }
  }
}

const reasonOfLine = ({ error }: OutputLine): FailureReason => ({
  errorCode: String(error?.errorCode ?? 'Unknown'),
  errorMessage: error?.errorMessage ?? 'The service gave no reason.',
});
