import type { Item, Submission } from './batch-queue.js';
import type { BatchQueueOptions } from './batch-queue-options.js';
import { MIN_RECORDS } from './constants.js';
import { memoryJournal } from './journal.js';
import { readRecord } from './read-record.js';
import { runShard } from './run-job.js';
import { shardRecords } from './shard-records.js';
import { writeRecord } from './write-record.js';

const declined = (reason: string): Submission => ({ answered: false, reason });

/** Runs one group; whatever goes wrong, every request gets an end. */
export async function runGroup(items: readonly Item[], options: BatchQueueOptions): Promise<void> {
  if (items.length < MIN_RECORDS) {
    for (const item of items)
      item.settle(
        declined(`only ${items.length} requests came together, a job takes at least ${MIN_RECORDS}`),
      );
    return;
  }
  const waiting = new Map(items.map((item) => [item.recordId, item]));
  try {
    const [first] = items as readonly [Item, ...Item[]];
    const lines = items.map(({ recordId, view }) => writeRecord(recordId, view).line);
    for (const shard of shardRecords(lines)) {
      const job = {
        options,
        model: first.view.modelId,
        recordType: first.view.dialect === 'converse' ? ('Converse' as const) : ('InvokeModel' as const),
        journal: options.journal ?? memoryJournal(),
        onProgress: options.onProgress ?? (() => undefined),
      };
      for await (const line of runShard(job, shard)) {
        const item = waiting.get(line.recordId);
        if (item === undefined) continue;
        waiting.delete(line.recordId);
        item.settle(
          line.modelOutput === undefined
            ? declined(`the batch record failed (${line.error?.errorCode ?? 'no reason given'})`)
            : answer(item, line.modelOutput),
        );
      }
    }
  } catch (error) {
    const reason = `the batch job could not be used (${error instanceof Error ? error.name : typeof error})`;
    for (const item of waiting.values()) item.settle(declined(reason));
    waiting.clear();
  }
  for (const item of waiting.values())
    item.settle(declined('the batch job ended before it came to this request'));
}

function answer({ view, call, startedAt }: Item, modelOutput: Readonly<Record<string, unknown>>): Submission {
  const { output, usage, stopReason } = readRecord(view, modelOutput);
  call.book({ view, usage, startedAt, ...(stopReason === undefined ? {} : { stopReason }) });
  return { answered: true, output: { output, view: undefined } };
}
