import {
  type BatchQueue,
  type BedrockClientLike,
  type BedrockPlugin,
  checkOptions,
  deriveClient,
  InvalidOptionError,
  lazyLever,
  leverPlugin,
} from '@costkit/core';
import { QUEUE_CHECKS, REQUIRED } from './batch-options.js';
import type { BatchQueueOptions } from './batch-queue-options.js';
import type { Batching } from './batching.js';

/** Batch inference as a Smithy plugin. */
export interface BatchPlugin extends BedrockPlugin {
  /** Takes single requests that can wait; an option of `@costkit/meter`. */
  readonly queue: BatchQueue;
  /** Starts jobs of what has been collected, without waiting for more. */
  flush(): void;
}

/**
 * Makes the batch lever: calls that can wait are collected into jobs at the batch price, and `send()` resolves when
 * the job has answered. What cannot go that way is sent on demand, and the receipt says why.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * const batch = batchPlugin({ bedrock, s3, bucket, roleArn, when: (_, call) => call.tags.feature === 'nightly' });
 * client.middlewareStack.use(batch);
 * ```
 */
export function batchPlugin(options: BatchQueueOptions): BatchPlugin {
  checkOptions<BatchQueueOptions>('batch', options, QUEUE_CHECKS);
  for (const name of REQUIRED) {
    if (options[name] === undefined) throw new InvalidOptionError('batch', name, 'is missing');
  }
  let batching: Batching | undefined;
  let loading: Promise<Batching> | undefined;
  const start = async (): Promise<Batching> => {
    const { createBatching } = await import('./batching.js');
    batching = createBatching(options);
    return batching;
  };
  // Options are checked at once; what collects calls is loaded with the first one.
  const load = (): Promise<Batching> => {
    loading ??= start();
    return loading;
  };
  const head = { name: 'batch', slot: 'attempt', mode: options.mode ?? 'enforce' } as const;
  return {
    ...leverPlugin('batch', [lazyLever(head, async () => (await load()).lever)]),
    queue: { enqueue: async (view, call) => (await load()).queue.enqueue(view, call) },
    flush: () => batching?.flush(),
  };
}

/**
 * Returns a client whose `send()` resolves when a batch job has answered.
 *
 * @throws what {@link batchPlugin} throws, and `AlreadyAppliedError`.
 *
 * @example
 * ```ts
 * const nightly = batchClient(client, { bedrock, s3, bucket, roleArn });
 * const outputs = await Promise.all(inputs.map((input) => nightly.send(new ConverseCommand(input))));
 * ```
 */
export function batchClient<C extends BedrockClientLike>(client: C, options: BatchQueueOptions): C {
  return deriveClient(client, batchPlugin(options));
}
