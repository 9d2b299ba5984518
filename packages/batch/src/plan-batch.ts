import { Money } from '@costkit/core';
import { systemWaitingClock } from '@costkit/core/waiting-clock';
import type { PriceQuery } from '@costkit/pricing';
import type { BatchSetting } from './batch.js';
import { findBatch } from './batch-identity.js';
import { type BatchLog, openBatchLog } from './batch-log.js';
import type { BatchPlan, SinglePath } from './batch-plan.js';
import {
  DEFAULT_RESERVE_MS,
  DEFAULT_RETRIES,
  MAX_FILE_BYTES,
  MAX_OPEN_JOBS,
  MAX_RECORDS,
  MIN_RECORDS,
  SINGLE_CONCURRENCY,
} from './constants.js';
import { folderOf } from './job.js';
import { jobSlotsOf } from './job-slots.js';
import { createProgress } from './progress.js';
import { createPurse } from './purse.js';
import type { BedrockControlClient } from './types.js';

/** A plan with the prices by which its results are reckoned. */
export interface PricedPlan extends BatchPlan {
  readonly query: PriceQuery;
}

/** Finds out what a run needs to know. */
export async function planBatch(setting: BatchSetting): Promise<PricedPlan> {
  const { options, resolved } = setting;
  const { clock = systemWaitingClock, quotas = {}, deadline, name, onDemand } = options;
  const query = await priceQuery(setting);
  const { minRecords = MIN_RECORDS, maxBytes = MAX_FILE_BYTES } = quotas;
  const maxRecords = quotas.maxRecords ?? Math.max(MAX_RECORDS, 2 * minRecords);
  const deadlineMs = deadline?.getTime() ?? Number.POSITIVE_INFINITY;
  const reserveMs = options.reserveMs ?? DEFAULT_RESERVE_MS;
  const singles: SinglePath | undefined =
    onDemand === undefined
      ? undefined
      : {
          client: onDemand,
          hasFlex: resolved.model.capabilities.tiers.includes('flex'),
          concurrency: SINGLE_CONCURRENCY,
          tags: options.tags ?? {},
          query,
          purse: createPurse(options.maxUsd === undefined ? undefined : Money.fromUsd(options.maxUsd)),
        };
  return {
    options,
    clock,
    log: await openLog(setting),
    model: options.model,
    resolved,
    recordType: 'Converse',
    isNamed: name !== undefined,
    jobLimits: resolved.model.capabilities.batch ? { minRecords, maxRecords, maxBytes } : undefined,
    maxOpenJobs: quotas.maxOpenJobs ?? MAX_OPEN_JOBS,
    slots: jobSlotsOf(options.bedrock, resolved.model.id),
    retries: options.retries ?? DEFAULT_RETRIES,
    singles,
    stopAtMs: deadlineMs - reserveMs,
    // A job that would be stopped before it could do much is not begun.
    lastJobAtMs: deadlineMs - 2 * reserveMs,
    progress: createProgress(clock, options.onProgress),
    query,
  };
}

/** Opens the journal where it is of this batch, or begins in it. */
export async function openLog({ options }: BatchSetting): Promise<BatchLog> {
  const identity = {
    model: options.model,
    recordType: 'Converse',
    bucket: options.bucket,
    folder: folderOf(options),
  } as const;
  return openBatchLog(options.journal, await findBatch(options.journal, identity, options.name));
}

/** By which prices the batch is reckoned. */
export async function priceQuery({ options, resolved }: BatchSetting): Promise<PriceQuery> {
  const region = await regionOf(options.bedrock);
  const { clock = systemWaitingClock, priceOverrides } = options;
  return {
    model: resolved,
    at: new Date(clock.now()),
    ...(region === undefined ? {} : { region }),
    ...(priceOverrides === undefined ? {} : { overrides: priceOverrides }),
  };
}

async function regionOf(bedrock: BedrockControlClient): Promise<string | undefined> {
  const { config } = bedrock as { config?: { region?: unknown } };
  const region: unknown = typeof config?.region === 'function' ? await config.region() : config?.region;
  return typeof region === 'string' ? region : undefined;
}
