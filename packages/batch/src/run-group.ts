import type { Item, Submission } from './batch-queue.js';
import type { BatchQueueOptions } from './batch-queue-options.js';
import { MIN_RECORDS } from './constants.js';
import type { Job, OutputLine } from './job.js';
import { memoryJournal } from './journal.js';
import { openJob } from './open-job.js';
import { readRecord } from './read-record.js';
import { runJobs } from './run-jobs.js';
import { shardRecords } from './shard-records.js';
import { writeRecord } from './write-record.js';

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
  const settle = (recordId: string, submission: (item: Item) => Submission): void => {
    const item = waiting.get(recordId);
    if (item === undefined) return;
    waiting.delete(recordId);
    item.settle(submission(item));
  };
  let reason = 'the batch job ended before it came to this request';
  try {
    const records = items.map(({ recordId, view }) => writeRecord(recordId, view));
    const job = jobOf(items[0] as Item, options);
    for (const item of items) item.begin();
    for await (const event of runJobs(job, shardRecords(records), (shard) => openJob(job, shard))) {
      if ('line' in event) settle(event.line.recordId, (item) => submissionOf(item, event.line));
      else {
        const left = declined(`the batch job ended as ${event.ended} before it came to this request`);
        for (const { recordId } of event.from.records) settle(recordId, () => left);
      }
    }
  } catch (error) {
    reason = `the batch job could not be used (${error instanceof Error ? error.name : typeof error})`;
  }
  for (const recordId of [...waiting.keys()]) settle(recordId, () => declined(reason));
}

function jobOf({ view }: Item, options: BatchQueueOptions): Job {
  return {
    options,
    model: view.modelId,
    recordType: view.dialect === 'converse' ? 'Converse' : 'InvokeModel',
    journal: options.journal ?? memoryJournal(),
    onProgress: options.onProgress ?? (() => undefined),
  };
}

function submissionOf({ view, call, startedAt }: Item, { modelOutput, error }: OutputLine): Submission {
  if (modelOutput === undefined || modelOutput === null)
    return declined(`the batch record failed (${error?.errorCode ?? 'no reason given'})`);
  const { output, usage, quality, stopReason } = readRecord(view, modelOutput);
  call.book({ view, usage, quality, startedAt, ...(stopReason === undefined ? {} : { stopReason }) });
  return { answered: true, output: { output, view: undefined } };
}
