import { randomUUID } from 'node:crypto';
import { systemWaitingClock } from '@costkit/core/waiting-clock';
import type { ResolvedModel } from '@costkit/pricing';
import { openBatchLog } from './batch-log.js';
import type { BatchPlan } from './batch-plan.js';
import type { Item, Submission } from './batch-queue.js';
import type { BatchQueueOptions } from './batch-queue-options.js';
import { beginBatch } from './begin-batch.js';
import { MAX_FILE_BYTES, MAX_OPEN_JOBS, MAX_RECORDS, MIN_RECORDS } from './constants.js';
import type { BatchEvent } from './harvest.js';
import { jobSlotsOf } from './job-slots.js';
import { memoryJournal } from './journal.js';
import { createProgress } from './progress.js';
import { readRecord } from './read-record.js';
import { runRounds } from './run-rounds.js';
import { stageSource } from './stage-source.js';
import { writeView } from './write-record.js';

const declined = (reason: string): Submission => ({ answered: false, reason });

/** Runs one group; whatever goes wrong, every request gets an end. */
export async function runGroup(collected: readonly Item[], options: BatchQueueOptions): Promise<void> {
  // Whoever gave up meanwhile needs no answer.
  const items = collected.filter(({ waits }) => waits);
  if (items.length < MIN_RECORDS) {
    const reason = `only ${items.length} requests came together, a job takes at least ${MIN_RECORDS}`;
    for (const item of items) item.settle(declined(reason));
    return;
  }
  const waiting = new Map(items.map((item) => [item.recordId, item]));
  let reason = 'the batch job ended before it came to this request';
  let plan: BatchPlan | undefined;
  try {
    plan = await planOf(items[0] as Item, options);
    await beginBatch(plan);
    // What is staged is paid: nobody can be taken out any more.
    for (const item of items) item.begin();
    await stageSource<Item>(plan, {
      records: items,
      write: ({ recordId, view }) => ({ recordId, written: writeView(view) }),
      mergeIdentical: false,
      highest: () => undefined,
    });
    if (!items.some(({ waits }) => waits)) return;
    plan.progress.expect(items.length, 0);
    for await (const events of runRounds(plan)) {
      for (const event of events) {
        const item = waiting.get(event.owner.recordId ?? '');
        waiting.delete(event.owner.recordId ?? '');
        item?.settle(submissionOf(item, event));
      }
    }
  } catch (error) {
    reason = `the batch job could not be used (${error instanceof Error ? error.name : typeof error})`;
    if (plan !== undefined && isPaid(plan)) {
      reason += '; it may answer all the same, and is then paid, too';
      for (const item of waiting.values()) if (item.waits) item.bookUnheard();
    }
  }
  for (const item of waiting.values()) item.settle(declined(reason));
}

/** Whether a job was created that answers what it can, whoever looks. */
const isPaid = ({ log }: BatchPlan): boolean =>
  log.round(0).shards.some(({ jobArn, status }) => jobArn !== undefined && status !== 'Failed');

async function planOf({ view, call }: Item, options: BatchQueueOptions): Promise<BatchPlan> {
  const { clock = systemWaitingClock } = options;
  // What knows no model is not collected.
  const resolved = call.resolve(view.modelId) as ResolvedModel;
  return {
    options,
    clock,
    log: await openBatchLog(options.journal ?? memoryJournal(), randomUUID()),
    model: view.modelId,
    resolved,
    recordType: view.dialect === 'converse' ? 'Converse' : 'InvokeModel',
    isNamed: false,
    jobLimits: { minRecords: MIN_RECORDS, maxRecords: MAX_RECORDS, maxBytes: MAX_FILE_BYTES },
    maxOpenJobs: MAX_OPEN_JOBS,
    slots: jobSlotsOf(options.bedrock, resolved.model.id),
    // Whoever waits is better served on demand.
    retries: 0,
    singles: undefined,
    stopAtMs: Number.POSITIVE_INFINITY,
    lastJobAtMs: Number.POSITIVE_INFINITY,
    progress: createProgress(clock, options.onProgress),
  };
}

function submissionOf({ view, call, startedAt }: Item, event: BatchEvent): Submission {
  if ('failure' in event) return declined(`the batch record failed: ${event.failure.errorMessage}`);
  const { output, usage, quality, stopReason } = readRecord(view, event.line.modelOutput ?? {});
  call.book({ view, usage, quality, startedAt, ...(stopReason === undefined ? {} : { stopReason }) });
  return { answered: true, output: { output, view: undefined } };
}
