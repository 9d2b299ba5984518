import type { BatchPlan } from './batch-plan.js';
import { MAX_SINGLE_BYTES, MAX_SINGLE_RECORDS } from './constants.js';
import { BatchError } from './errors.js';
import { folderOf, sharersKey } from './job.js';
import { otherRecords } from './open-shard.js';
import type { RefusedRecord } from './owners.js';
import { requestHash, wireId } from './record-id.js';
import { modelInputOf } from './record-line.js';
import { createRequestIndex, type RequestIndex } from './request-index.js';
import type { ShardLimits } from './shard-cutter.js';
import { createSharers, type SharedRecords, type Sharers } from './sharers.js';
import { createStager, type Stager } from './stage-shards.js';
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
    begun === undefined
      ? clock.now() < lastJobAtMs || singles === undefined
      : begun.via === 'job' || begun.isShort === true;
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
  const isTooFew = plan.singles === undefined && via === 'job' && log.round(0).shards.length === 0;
  const stager = createStager(place, { via, limits, tooFew: isTooFew ? tooFewOf(plan) : undefined });
  const merging = mergeIdentical ? createMerging(plan) : undefined;
  let ordinal = 0;
  let isAltered = false;
  const take = (record: T): Promise<void> | undefined => {
    const { recordId, written } = write(record);
    const owner = { ordinal, recordId };
    ordinal += 1;
    if (written.modelInput === undefined) return stager.refuse({ ...owner, ...invalid(written.refusal) });
    isAltered ||= written.isAltered === true;
    const ofRequest = requestHash(written.modelInput);
    const first = merging?.index.firstOf(ofRequest, owner.ordinal);
    if (merging !== undefined && first !== undefined) return merging.sharers.add(first, owner);
    return stager.push(
      { id: wireId(owner.ordinal, ofRequest), owner, reason: undefined },
      written.modelInput,
    );
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
    const shards = await endRound(plan, 0, stager);
    const shared = await merging?.sharers.stage(log.round(0).sourced !== undefined);
    await endSource(plan, { shards, records: ordinal, shared, isAltered, picoUsd: highest() });
  } catch (error) {
    await stager.abort();
    throw error;
  } finally {
    await merging?.sharers.remove();
  }
}

interface StagedSource {
  readonly shards: number;
  readonly records: number;
  readonly shared: SharedRecords | undefined;
  readonly isAltered: boolean;
  readonly picoUsd: bigint | undefined;
}

/** Writes down that all records are staged; where that was done before, they must be the same. */
async function endSource(
  { log, options }: BatchPlan,
  { shards, records, shared, isAltered, picoUsd }: StagedSource,
): Promise<void> {
  const { sourced } = log.round(0);
  if (sourced !== undefined) {
    if (sourced.shared?.digest !== shared?.digest) throw otherRecords(sharersKey(options, log.batch));
    return;
  }
  await log.append({
    step: 'sourced',
    round: 0,
    shards,
    records,
    ...(shared === undefined ? {} : { shared }),
    ...(isAltered ? { isAltered } : {}),
    ...(picoUsd === undefined ? {} : { highestPicoUsd: String(picoUsd) }),
  });
}

/** Finds who asked the same before, in the whole source. */
const createMerging = ({
  options,
  log,
}: BatchPlan): { readonly index: RequestIndex; readonly sharers: Sharers } => ({
  index: createRequestIndex(),
  sharers: createSharers(options, log.batch),
});

/**
 * Ends the staging of a round: what is too few for a job goes one by one. Without a client it fails in this run, and stands
 * there for a later one that has a client.
 *
 * @returns the number of shards.
 * @throws {@link BatchError} `COSTKIT_BATCH_TOO_FEW_RECORDS` where the whole source is too few, and nothing is staged yet.
 */
export async function endRound(plan: BatchPlan, round: number, stager: Stager): Promise<number> {
  const { options, log, singles } = plan;
  const rest = await stager.end();
  if (rest.length === 0) return stager.shards;
  if (round === 0 && singles === undefined && log.round(0).shards.length === 0) {
    throw tooFewOf(plan)(rest.length);
  }
  const way = { via: 'single', limits: SINGLE_LIMITS, isRest: true, first: stager.shards } as const;
  const others = createStager({ options, log, round }, way);
  for (const record of rest) {
    await others.push({ ...record, reason: record.reason ?? TOO_FEW }, modelInputOf(record.line));
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

const tooFewOf =
  ({ jobLimits }: BatchPlan) =>
  (records: number): BatchError =>
    new BatchError(
      'COSTKIT_BATCH_TOO_FEW_RECORDS',
      `a job takes at least ${jobLimits?.minRecords} records, these are ${records}. Add more, or give a runtime client as "onDemand" to send them one by one`,
    );

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
