import type { BulkAnswer, BulkRecord, BulkWork } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { costOf } from '@costkit/pricing';
import { type BatchSetting, resolveBatchModel } from './batch.js';
import { findBatch } from './batch-identity.js';
import { openBatchLog } from './batch-log.js';
import { beginBatch } from './begin-batch.js';
import type { BulkInvokerOptions } from './bulk-invoker.js';
import { BatchError } from './errors.js';
import type { BatchEvent } from './harvest.js';
import { folderOf } from './job.js';
import { type PricedPlan, planBatch } from './plan-batch.js';
import { readRecord } from './read-record.js';
import { runRounds } from './run-rounds.js';
import { stageSource } from './stage-source.js';
import { writeView } from './write-record.js';

/** The batches of a work, oldest first, and a name for the next one. */
async function batchesOf(
  options: BulkInvokerOptions,
  { name, modelId }: BulkWork,
): Promise<{ readonly unfinished: readonly string[]; readonly next: string }> {
  const { journal, bucket } = options;
  const place = { model: modelId, recordType: 'InvokeModel', bucket, folder: folderOf(options) } as const;
  const prefix = `${await findBatch(journal, place, name)}-`;
  const known = new Set<string>();
  const unfinished = new Set<string>();
  for (const { batch, step } of await journal.entries()) {
    if (!batch.startsWith(prefix)) continue;
    known.add(batch);
    // Where not all was staged nothing was begun, and nothing is paid.
    if (step === 'sourced') unfinished.add(batch);
    else if (step === 'finished') unfinished.delete(batch);
  }
  return { unfinished: [...unfinished], next: `${prefix}${known.size}` };
}

/** Sees to their ends the jobs of every batch of a work whose answers have not all been handed on. */
export async function* resumeBulk(
  options: BulkInvokerOptions,
  work: BulkWork,
): AsyncGenerator<readonly BulkAnswer[]> {
  const { unfinished } = await batchesOf(options, work);
  // What no job was begun for is not paid: it is asked for again where it is still wanted, within the limits of then.
  for (const batch of unfinished)
    yield* answersOf({ ...(await planOf(options, work, batch)), beginsNone: true });
}

/** Stages requests, runs their jobs and hands on what they answer. */
export async function* invokeBulk(
  options: BulkInvokerOptions,
  work: BulkWork,
  records: Iterable<BulkRecord> | AsyncIterable<BulkRecord>,
): AsyncGenerator<readonly BulkAnswer[]> {
  const { next } = await batchesOf(options, work);
  const plan = await planOf(options, work, next);
  await beginBatch(plan);
  try {
    await stageSource<BulkRecord>(plan, {
      records,
      write: ({ id, body }) => ({
        recordId: id,
        written: writeView(viewRequest('InvokeModel', { modelId: plan.model, body })),
      }),
      mergeIdentical: false,
      highest: () => undefined,
    });
  } catch (error) {
    if (BatchError.isInstance(error) && error.code === 'COSTKIT_BATCH_TOO_FEW_RECORDS') return;
    throw error;
  }
  yield* answersOf(plan);
}

async function planOf(options: BulkInvokerOptions, work: BulkWork, batch: string): Promise<PricedPlan> {
  const signals = [options.signal, work.signal].filter((signal) => signal !== undefined);
  const setting: BatchSetting = {
    options: {
      ...options,
      model: work.modelId,
      ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
    },
    resolved: resolveBatchModel({ ...options, model: work.modelId }),
    smaller: undefined,
    added: new Map(),
  };
  return {
    ...(await planBatch(setting)),
    recordType: 'InvokeModel',
    log: await openBatchLog(options.journal, batch),
    isNamed: true,
    // Whoever asked sends the others on demand.
    retries: 0,
  };
}

async function* answersOf(plan: PricedPlan): AsyncGenerator<readonly BulkAnswer[]> {
  const { sourced } = plan.log.round(0);
  plan.progress.expect(sourced?.records ?? 0, 0);
  for await (const events of runRounds(plan)) {
    yield events.map((event) => answerOf(plan, event));
  }
}

function answerOf({ model, query }: PricedPlan, event: BatchEvent): BulkAnswer {
  const id = event.owner.recordId ?? event.id;
  if ('failure' in event) return { id, ok: false, reason: event.failure.errorMessage };
  const { modelInput = {}, modelOutput } = event.line;
  // What the answer does not count is estimated by the request, which the service echoes.
  const view = viewRequest('InvokeModel', { modelId: model, body: JSON.stringify(modelInput) });
  const { output, usage, quality } = readRecord(view, modelOutput ?? {});
  const { total, complete } = costOf(usage, { ...query, batch: true });
  const { body } = output as { readonly body: Uint8Array };
  return { id, ok: true, body, usage, quality, cost: complete ? total : undefined };
}
