import type { BatchPlan } from './batch-plan.js';
import { MAX_SINGLE_BYTES, MAX_SINGLE_RECORDS } from './constants.js';
import { BatchError } from './errors.js';
import { folderOf } from './job.js';
import type { RefusedRecord } from './owners.js';
import { requestHash, wireId } from './record-id.js';
import { modelInputOf } from './record-line.js';
import type { ShardLimits } from './shard-cutter.js';
import { createStager, type StagedLine, type Stager } from './stage-shards.js';
import type { WrittenInput } from './write-record.js';

/** A record of the source, written. */
export interface WrittenRecord {
  readonly recordId: string | undefined;
  readonly written: WrittenInput;
}

/** How the records of a source are staged. */
export interface SourceStaging<T> {
  readonly records: Iterable<T> | AsyncIterable<T>;
  /** Writes one of them. */
  write(record: T): WrittenRecord;
  /** Pays identical requests once. */
  readonly mergeIdentical: boolean;
  /** The most that all of it can cost, once all of it was read; pico-dollars. */
  highest(): bigint | undefined;
}

/** What is sent one by one is read as a whole: in small steps. */
const SINGLE_LIMITS: ShardLimits = {
  minRecords: 1,
  maxRecords: MAX_SINGLE_RECORDS,
  maxBytes: MAX_SINGLE_BYTES,
};

/** Whether jobs are what this round's records go by; a round that was begun goes on as it was. */
export function limitsOfRound(
  plan: BatchPlan,
  round: number,
): { readonly via: 'job' | 'single'; readonly limits: ShardLimits } {
  const { jobLimits, singles, clock, lastJobAtMs, log } = plan;
  const begun = log.round(round).shards[0]?.staged;
  const isByJobs =
    begun === undefined ? clock.now() < lastJobAtMs || singles === undefined : begun.via === 'job';
  return jobLimits !== undefined && isByJobs
    ? { via: 'job', limits: jobLimits }
    : { via: 'single', limits: SINGLE_LIMITS };
}

/**
 * Writes all records of the source to the bucket. Nothing is paid by that; no record is kept.
 *
 * @throws {@link BatchError} `COSTKIT_BATCH_TOO_FEW_RECORDS` where they are too few for a job and cannot go otherwise.
 */
export async function stageSource<T>(
  plan: BatchPlan,
  { records, write, mergeIdentical, highest }: SourceStaging<T>,
): Promise<void> {
  const { log } = plan;
  if (log.round(0).sourced === undefined) await removeHalfUploads(plan);
  const { via, limits } = limitsOfRound(plan, 0);
  const place = { options: plan.options, log, round: 0 };
  const stager = createStager(place, { via, limits, isShared: mergeIdentical });
  const sharing = mergeIdentical ? createSharing(stager) : undefined;
  let ordinal = 0;
  const take = (record: T): Promise<void> | undefined => {
    const { recordId, written } = write(record);
    const owner = { ordinal, recordId };
    ordinal += 1;
    if (written.modelInput === undefined) {
      stager.refuse({ ...owner, ...invalid(written.refusal) });
      return stager.wait;
    }
    const ofRequest = requestHash(written.modelInput);
    const same = sharing?.find(ofRequest);
    if (same !== undefined) {
      same.owners.push(owner);
      return undefined;
    }
    const line = stager.push(wireId(owner.ordinal, ofRequest), written.modelInput, owner);
    if (line !== undefined) sharing?.add(ofRequest, line);
    return stager.wait;
  };
  try {
    // Waiting costs more than writing: only where there is something to wait for.
    if (Symbol.asyncIterator in records) {
      for await (const record of records) {
        const wait = take(record);
        if (wait !== undefined) await wait;
      }
    } else {
      for (const record of records) {
        const wait = take(record);
        if (wait !== undefined) await wait;
      }
    }
    const shards = await endRound(plan, 0, stager, via, true);
    const picoUsd = highest();
    if (log.round(0).sourced === undefined) {
      await log.append({
        step: 'sourced',
        round: 0,
        shards,
        records: ordinal,
        ...(picoUsd === undefined ? {} : { highestPicoUsd: String(picoUsd) }),
      });
    }
  } catch (error) {
    await stager.abort();
    throw error;
  }
}

/** Ends the staging of a round: what is too few for a job goes one by one, or fails. @returns the number of shards. */
export async function endRound(
  plan: BatchPlan,
  round: number,
  stager: Stager,
  via: 'job' | 'single',
  isSource: boolean,
): Promise<number> {
  const rest = await stager.end();
  if (rest.length === 0) return stager.shards;
  const place = { options: plan.options, log: plan.log, round };
  const others = createStager(place, { via: 'single', limits: SINGLE_LIMITS, first: stager.shards });
  if (plan.singles !== undefined && via === 'job') {
    for (const { id, line, owners, reason } of rest) {
      const pushed = others.push(id, modelInputOf(line), owners[0] as RefusedRecord, reason);
      pushed?.owners.push(...owners.slice(1));
      if (others.wait !== undefined) await others.wait;
    }
  } else {
    if (isSource && stager.shards === 0) throw tooFew(plan, rest.length);
    for (const { owners, reason } of rest) {
      for (const owner of owners) {
        others.refuse({ ...owner, ...(reason ?? TOO_FEW) });
        await others.wait;
      }
    }
  }
  await others.end();
  return others.shards;
}

const TOO_FEW = {
  errorCode: 'TooFewRecords',
  errorMessage: 'The records that were left are too few for a job. Give "onDemand" to send them one by one.',
};

const invalid = (refusal: string): Pick<RefusedRecord, 'errorCode' | 'errorMessage'> => ({
  errorCode: 'InvalidRecord',
  errorMessage: `The record cannot be sent: ${refusal}. Send it on demand.`,
});

function tooFew({ jobLimits }: BatchPlan, records: number): BatchError {
  return new BatchError(
    'COSTKIT_BATCH_TOO_FEW_RECORDS',
    `a job takes at least ${jobLimits?.minRecords} records, these are ${records}. Add more, or give a runtime client as "onDemand" to send them one by one`,
  );
}

/** Finds who asked the same within the shard that is being written. */
function createSharing(stager: Stager): {
  find(ofRequest: string): StagedLine | undefined;
  add(ofRequest: string, line: StagedLine): void;
} {
  const lines = new Map<string, StagedLine>();
  stager.onClose = () => {
    for (const [ofRequest, { closed }] of lines) if (closed) lines.delete(ofRequest);
  };
  return {
    find: (ofRequest) => lines.get(ofRequest),
    add: (ofRequest, line) => lines.set(ofRequest, line),
  };
}

/** Parts of uploads that a process left when it died are paid by the month, and seen by nobody. */
async function removeHalfUploads({ options, log, isNamed }: BatchPlan): Promise<void> {
  if (!log.isOld && !isNamed) return;
  const { ListMultipartUploadsCommand, AbortMultipartUploadCommand } = await import('@aws-sdk/client-s3');
  const { s3, bucket } = options;
  const Prefix = `${folderOf(options)}/input/${log.batch}/`;
  try {
    const { Uploads = [] } = (await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix }))) as {
      Uploads?: { Key?: string; UploadId?: string }[];
    };
    for (const { Key, UploadId } of Uploads) {
      await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
    }
  } catch (error) {
    // A rule of the bucket may see to them; who may not list them need not.
    if ((error as Error).name !== 'AccessDenied') throw error;
  }
}
