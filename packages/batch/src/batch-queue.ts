import { type Call, type CallOutput, estimatedTokens, NO_USAGE, type RequestView } from '@costkit/core';
import { systemWaitingClock } from '@costkit/core/waiting-clock';
import type { BatchQueueOptions } from './batch-queue-options.js';
import { MAX_RECORDS } from './constants.js';
import { onAbort } from './on-abort.js';

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
  /** Whether its caller still waits. */
  readonly waits: boolean;
  /** From now on it is paid, whether its caller waits or not. */
  begin(): void;
  /** Books what a job is taken to cost that nobody hears of any more: an estimate, of the request alone. */
  bookUnheard(): void;
  settle(submission: Submission): void;
}

/** Collects requests into jobs. */
export interface Collector {
  /** @throws an `AbortError` as soon as the caller aborts. */
  submit(view: RequestView, call: Call): Promise<Submission>;
  /** Starts jobs of what has been collected, without waiting for more. */
  flush(): void;
}

/** What the SDK throws when a call is aborted. */
const aborted = (): Error => Object.assign(new Error('Request aborted'), { name: 'AbortError' });

interface Group {
  readonly items: Item[];
  /** Ends the waiting for others: a timer must not outlive what it is for. */
  readonly timer: AbortController;
}

/**
 * Collects requests until there are enough or the first has waited long enough, and sends them as a job. Requests
 * of one model and one kind share a job.
 */
export function createCollector(options: BatchQueueOptions): Collector {
  const { maxWaitMs = 60_000, maxRecords = MAX_RECORDS, clock = systemWaitingClock } = options;
  const groups = new Map<string, Group>();
  let counter = 0;

  const start = (key: string): void => {
    const group = groups.get(key);
    if (group === undefined) return;
    groups.delete(key);
    group.timer.abort();
    const items = [...group.items];
    // Loaded with the first job: most processes never start one.
    void import('./run-group.js').then(({ runGroup }) => runGroup(items, options));
  };

  const groupOf = (key: string): Group => {
    const known = groups.get(key);
    if (known !== undefined) return known;
    const group: Group = { items: [], timer: new AbortController() };
    groups.set(key, group);
    // Aborted when the group starts for another reason.
    clock.sleep(maxWaitMs, group.timer.signal).then(
      () => groups.get(key) === group && start(key),
      () => undefined,
    );
    return group;
  };

  return {
    submit: (view, call) =>
      new Promise((resolve, reject) => {
        const { signal } = call;
        if (signal?.aborted === true) {
          reject(aborted());
          return;
        }
        const key = `${view.dialect === 'converse' ? 'Converse' : 'InvokeModel'} ${view.modelId}`;
        const { items } = groupOf(key);
        counter += 1;
        let waits = true;
        let begun = false;
        const startedAt = new Date(clock.now());
        const bookUnheard = (): void => {
          const usage = { ...NO_USAGE, input: Math.ceil(estimatedTokens(view, call).total) };
          call.book({ view, usage, quality: 'estimated', startedAt });
        };
        const leave = (): void => {
          waits = false;
          // The place is free for another.
          const place = items.indexOf(item);
          if (!begun && place !== -1) items.splice(place, 1);
          if (begun) bookUnheard();
          reject(aborted());
        };
        const item: Item = {
          recordId: `${counter}-${call.id}`,
          view,
          call,
          startedAt,
          get waits() {
            return waits;
          },
          begin: () => {
            begun = true;
          },
          bookUnheard,
          settle: (submission) => {
            waits = false;
            stay?.();
            resolve(submission);
          },
        };
        items.push(item);
        const stay = signal && onAbort(signal, leave);
        if (items.length >= maxRecords) start(key);
      }),
    flush: () => {
      for (const key of [...groups.keys()]) start(key);
    },
  };
}
