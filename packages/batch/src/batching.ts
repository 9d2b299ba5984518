import type { BatchQueue, Call, Lever, RequestView } from '@costkit/core';
import { costOf, type ModelReference } from '@costkit/pricing';
import { createCollector } from './batch-queue.js';
import type { BatchQueueOptions } from './batch-queue-options.js';
import { BatchError } from './errors.js';
import { refusalOf } from './write-record.js';

/** What collects the calls of a client into jobs. */
export interface Batching {
  readonly lever: Lever;
  /** Takes single requests that can wait. */
  readonly queue: BatchQueue;
  /** Starts jobs of what has been collected, without waiting for more. */
  flush(): void;
}

/** What CreateModelInvocationJob takes as `modelId` (service model), of what a call can name. */
const TAKEN: ReadonlySet<ModelReference> = new Set([
  'foundation-model',
  'inference-profile',
  'application-inference-profile',
]);

/** Why a request cannot go into a batch job, or `undefined`. */
function obstacle(view: RequestView, call: Call): string | undefined {
  const resolved = call.resolve(view.modelId);
  if (resolved === undefined) return 'its model is unknown';
  if (!TAKEN.has(resolved.reference)) return `a ${resolved.reference} takes no batch jobs`;
  if (!resolved.model.capabilities.batch) return `${resolved.model.id} takes no batch jobs`;
  return refusalOf(view);
}

/** Makes what collects calls, for options that were checked when the plugin was built. */
export function createBatching(options: BatchQueueOptions): Batching {
  const { when = () => true, mode = 'enforce' } = options;
  const collector = createCollector(options);
  const decide = (call: Call, action: string, reason: string): void =>
    call.decide({ lever: 'batch', mode, action, reason });

  const lever: Lever = {
    name: 'batch',
    slot: 'attempt',
    mode,
    around: async (view, call, next) => {
      if (!when(view, call)) return next(view);
      const reason = obstacle(view, call);
      if (reason !== undefined) {
        decide(call, 'left alone', `The call can wait, but ${reason}; it goes on demand.`);
        return next(view);
      }
      if (mode === 'observe') {
        const output = await next(view);
        // A stream is refused above: the attempt is booked by now.
        const usage = call.attempts.at(-1)?.usage;
        const price = usage === undefined ? undefined : savingOf(view, call, usage);
        call.decide({
          lever: 'batch',
          mode,
          action: 'would have waited',
          reason: 'The call can wait and its model takes batch jobs.',
          ...price,
        });
        return output;
      }
      const submission = await collector.submit(view, call);
      if (submission.answered) {
        decide(
          call,
          'answered by a batch job',
          `The call can wait; a batch job costs about half.${uncached(view)}`,
        );
        return submission.output;
      }
      decide(call, 'sent on demand', `The call could wait, but ${submission.reason}.`);
      return next(view);
    },
  };
  const queue: BatchQueue = {
    enqueue: async (view, call) => {
      const reason = obstacle(view, call);
      const submission =
        reason === undefined ? await collector.submit(view, call) : { answered: false as const, reason };
      if (submission.answered) return submission.output;
      throw new BatchError(
        'COSTKIT_BATCH_RECORD_INVALID',
        `the request cannot be queued: ${submission.reason}. Send it on demand`,
      );
    },
  };
  return { lever, queue, flush: collector.flush };
}

/** What was taken out of the request: batch inference has no prompt cache (Bedrock user guide, prompt caching). */
function uncached({ cachePoints: { length } }: RequestView): string {
  return length === 0 ? '' : ` Its cache points (${length}) were removed: batch jobs have no prompt cache.`;
}

function savingOf(
  view: RequestView,
  call: Call,
  usage: Parameters<typeof costOf>[0],
): { estimatedSaving?: NonNullable<ReturnType<typeof costOf>['total']> } {
  const query = {
    model: call.resolve(view.modelId) ?? view.modelId,
    at: call.startedAt,
    ...(call.region === undefined ? {} : { region: call.region }),
    ...(call.priceOverrides.length === 0 ? {} : { overrides: call.priceOverrides }),
  };
  const [now, batch] = [costOf(usage, query), costOf(usage, { ...query, batch: true })];
  return now.complete && batch.complete ? { estimatedSaving: now.total.minus(batch.total) } : {};
}
