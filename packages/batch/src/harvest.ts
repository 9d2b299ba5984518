import type { KnownShard } from './batch-log.js';
import { isWorthRetrying, NOT_SENT, reasonOfEnd } from './failure-reasons.js';
import type { OutputLine } from './job.js';
import type { FailureReason, OwnedRecord, Owner, RefusedRecord } from './owners.js';
import { readObjectLines } from './read-object.js';
import { type BrokenLines, readOutput } from './read-output.js';
import { wireId } from './record-id.js';
import { idOf, modelInputOf } from './record-line.js';
import { readOwners } from './shard-owners.js';
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
      /** This run has sent it, by itself; else its answer may have been told before. */
      readonly isNew?: boolean;
    }
  | { readonly owner: Owner; readonly id: string; readonly round: number; readonly failure: FailureReason };

/** A record that gets another attempt. */
export interface RetriedRecord extends RetriedOwner {
  readonly modelInput: string;
}

/** Whose it is, and why. */
interface RetriedOwner {
  readonly record: OwnedRecord;
  readonly reason: FailureReason;
}

/** The event of a record that no shard takes. */
export const refusal = (
  { ordinal, recordId, errorCode, errorMessage }: RefusedRecord,
  round: number,
): BatchEvent => ({
  owner: { ordinal, recordId },
  id: wireId(ordinal, ''),
  round,
  failure: { errorCode, errorMessage },
});

/** The event of a record that was answered. */
export const answered = (
  { id, owner }: OwnedRecord,
  line: OutputLine,
  round: number,
  isNew = false,
): BatchEvent => ({ owner, id, round, line, isShared: false, ...(isNew ? { isNew } : {}) });

/** The event of a record that stays without an answer. */
export const failed = ({ id, owner }: OwnedRecord, failure: FailureReason, round: number): BatchEvent => ({
  owner,
  id,
  round,
  failure,
});

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
  const owners = await readOwners(options, shard);
  yield owners.refused.map((record) => refusal(record, round));
  const again = new Map<string, RetriedOwner>();
  for await (const lines of readOutput(options, token, broken)) {
    const events: BatchEvent[] = [];
    for (const line of lines) {
      const record = owners.take(line.recordId);
      // Not of this shard, or handed on already.
      if (record === undefined) continue;
      if (line.modelOutput !== undefined && line.modelOutput !== null) {
        events.push(answered(record, line, round));
        continue;
      }
      const reason = reasonOfLine(line);
      if (isWorthRetrying(reason) && mayRetry(reason)) again.set(record.id, { record, reason });
      else events.push(failed(record, reason, round));
    }
    yield events;
  }
  const leftOut = reasonOfEnd(end);
  const retryLeftOut = isWorthRetrying(leftOut) && mayRetry(leftOut);
  const events: BatchEvent[] = [];
  for (const record of owners.left()) {
    if (retryLeftOut) again.set(record.id, { record, reason: leftOut });
    // What was not sent again keeps the reason for which it was to be.
    else events.push(failed(record, (end.status === NOT_SENT ? record.reason : undefined) ?? leftOut, round));
  }
  yield events;
  if (again.size === 0) return;
  for await (const lines of readObjectLines(options, key)) {
    for (const line of lines) {
      const retried = again.get(idOf(line));
      if (retried !== undefined) await retry({ ...retried, modelInput: modelInputOf(line) });
    }
  }
}

const reasonOfLine = ({ error }: OutputLine): FailureReason => ({
  errorCode: String(error?.errorCode ?? 'Unknown'),
  errorMessage: error?.errorMessage ?? 'The service gave no reason.',
});
