import type { Call, CallOutput, RequestView } from '@costkit/core';
import type { BatchQueueOptions } from './batch-queue-options.js';
import { MAX_RECORDS, MIN_RECORDS } from './constants.js';
import { memoryJournal } from './journal.js';
import { readRecord } from './read-record.js';
import { runShard, systemBatchClock } from './run-job.js';
import { shardRecords } from './shard-records.js';
import { writeRecord } from './write-record.js';

/** What became of a request that was handed in. */
export type Submission =
  | { readonly answered: true; readonly output: CallOutput }
  /** The request must be sent on demand, for this reason. */
  | { readonly answered: false; readonly reason: string };

interface Item {
  readonly recordId: string;
  readonly view: RequestView;
  readonly call: Call;
  readonly startedAt: Date;
  settle(submission: Submission): void;
}

/** Collects requests into jobs. */
export interface Collector {
  submit(view: RequestView, call: Call): Promise<Submission>;
  /** Starts jobs of what has been collected, without waiting for more. */
  flush(): void;
}

const declined = (reason: string): Submission => ({ answered: false, reason });

/**
 * Collects requests until there are enough or the first has waited long enough, and sends them as a job. Requests
 * of one model and one kind share a job.
 */
export function createCollector(options: BatchQueueOptions): Collector {
  const { maxWaitMs = 60_000, maxRecords = MAX_RECORDS, clock = systemBatchClock } = options;
  const groups = new Map<string, Item[]>();
  let counter = 0;

  const start = (key: string): void => {
    const items = groups.get(key);
    groups.delete(key);
    if (items !== undefined) void run(items, options);
  };

  return {
    submit: (view, call) =>
      new Promise((settle) => {
        const key = `${view.dialect === 'converse' ? 'Converse' : 'InvokeModel'} ${view.modelId}`;
        const items = groups.get(key) ?? [];
        counter += 1;
        items.push({
          recordId: `${counter}-${call.id}`,
          view,
          call,
          startedAt: new Date(clock.now()),
          settle,
        });
        if (items.length === 1) {
          groups.set(key, items);
          // Only the group that was waited for: another of the same key may have begun since.
          void clock.sleep(maxWaitMs).then(() => groups.get(key) === items && start(key));
        }
        if (items.length >= maxRecords) start(key);
      }),
    flush: () => {
      for (const key of [...groups.keys()]) start(key);
    },
  };
}

/** Runs one group; whatever goes wrong, every request gets an end. */
async function run(items: readonly Item[], options: BatchQueueOptions): Promise<void> {
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
