import { type BulkInvoker, checkOptions, InvalidOptionError } from '@costkit/core';
import { checkOverrides, type PriceOverride } from '@costkit/pricing';
import { BULK_CHECKS, checkQuotas, REQUIRED } from './batch-options.js';
import type { Journal } from './journal.js';
import type { BatchJobOptions, BatchProgress, BatchQuotas } from './types.js';

/** What {@link bulkInvoker} takes. */
export interface BulkInvokerOptions extends BatchJobOptions {
  /** Where each step is written down before it is taken: another process goes on by it. */
  readonly journal: Journal;
  /**
   * Models behind ARNs that do not name their model: the ARN of an application inference profile to a model id or
   * profile. @defaultValue none
   */
  readonly models?: Readonly<Record<string, string>>;
  /** Negotiated prices, as `costOf` takes them. @defaultValue none */
  readonly priceOverrides?: readonly PriceOverride[];
  /** @defaultValue the service's default quotas */
  readonly quotas?: BatchQuotas;
  /** Told when a job's status or counts have changed since the last look. @defaultValue nobody */
  readonly onProgress?: (progress: BatchProgress) => void;
}

/**
 * Answers InvokeModel requests by batch jobs whose every step stands in a journal, for work that has its own way of keeping
 * answers: the option `bulk` of `syncEmbeddings`. A process that is killed loses nothing that is paid; the next one reads
 * the answers of its jobs.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong; its methods throw `UnknownModelError`, and
 * `BatchError` where a job cannot be begun or has failed.
 *
 * @example
 * ```ts
 * const bulk = bulkInvoker({ bedrock, s3, bucket, roleArn, journal: fileJournal('embeddings.journal') });
 * await syncEmbeddings({ client, model: 'amazon.titan-embed-text-v2:0', source, sink, bulk });
 * ```
 */
export function bulkInvoker(options: BulkInvokerOptions): BulkInvoker {
  checkOptions<BulkInvokerOptions>('batch', options, BULK_CHECKS);
  for (const name of [...REQUIRED, 'journal'] as const) {
    if (options[name] === undefined) throw new InvalidOptionError('batch', name, 'is missing');
  }
  if (options.priceOverrides !== undefined) checkOverrides(options.priceOverrides);
  if (options.quotas !== undefined) checkQuotas(options.quotas);
  // Loaded with the first work: most processes that make one have nothing to do.
  const load = () => import('./run-bulk.js');
  return {
    resume: async function* resume(work) {
      yield* (await load()).resumeBulk(options, work);
    },
    invoke: async function* invoke(work, records) {
      yield* (await load()).invokeBulk(options, work, records);
    },
  };
}
