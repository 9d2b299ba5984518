import type { Call, CallOutput, RequestView } from '@costkit/core';
import { systemBatchClock } from './batch-clock.js';
import type { BatchQueueOptions } from './batch-queue-options.js';
import { MAX_RECORDS } from './constants.js';

/** What became of a request that was handed in. */
export type Submission =
  | { readonly answered: true; readonly output: CallOutput }
  /** The request must be sent on demand, for this reason. */
  | { readonly answered: false; readonly reason: string };

/** A request that waits for its job. */
export interface Item {
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
    // Loaded with the first job: most processes never start one.
    if (items !== undefined) void import('./run-group.js').then(({ runGroup }) => runGroup(items, options));
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
