import { checkOptions, currentTags, InvalidOptionError } from '@costkit/core';
import { receiptTeller } from '@costkit/core/receipts';
import { checkOverrides, type ResolvedModel, resolveModel, UnknownModelError } from '@costkit/pricing';
import { BATCH_CHECKS, checkQuotas, REQUIRED } from './batch-options.js';
import type { BatchStatus } from './batch-status.js';
import { BatchError } from './errors.js';
import type { BatchForecast } from './forecast.js';
import { memoryJournal } from './journal.js';
import { checkPolicy } from './task-policy.js';
import type { BatchInput, BatchOptions, BatchResult } from './types.js';
import { type WrittenInput, writeInput } from './write-record.js';

/** Records on their way through batch inference. */
export interface Batch {
  /**
   * Adds a record. Added records are held in memory until they are staged; many belong into a `source`.
   *
   * @param recordId - names the record in the results; unique in the batch.
   * @param input - a Converse input; its `modelId`, if any, is replaced by the batch's model.
   * @throws {@link BatchError} for an id that is taken and for an input that batch inference cannot answer.
   */
  add(recordId: string, input: BatchInput): void;
  /**
   * What the batch will cost, before anything is paid, beside what other ways would.
   *
   * @throws {@link BatchError} `COSTKIT_BATCH_SOURCE_READ_ONCE` for a source that this would use up.
   */
  forecast(): Promise<BatchForecast>;
  /**
   * Stages, starts, waits and yields one result for every record, in the order in which they come or in that of the
   * source. After a crash, run it again with the same records and the same journal: no step is paid twice, and what was
   * answered is read again. After a run that has failed for some records, running it again sends those only.
   *
   * @throws {@link BatchError} before anything is paid, when there are too few records, the forecast is above
   * `maxUsd`, the bucket is missing or the journal is of other records; and, once all that was answered has been yielded,
   * when a job could not be begun or has failed, or its output is broken. What `budget` throws where it has no room.
   */
  run(): AsyncIterable<BatchResult>;
  /**
   * Goes on with what the journal holds, without the records.
   *
   * @throws {@link BatchError} `COSTKIT_BATCH_NOT_STAGED` where a process died before all records were staged, when
   * nothing was paid yet; else what `run` throws.
   */
  resume(): AsyncIterable<BatchResult>;
  /** How far it is, by its journal and the service. */
  status(): Promise<BatchStatus>;
  /**
   * Stops the jobs that run. What they have answered is paid, and `resume()` reads it.
   *
   * @returns the ARNs of the jobs.
   */
  stop(): Promise<readonly string[]>;
}

/** A record that was added. */
export interface AddedRecord {
  readonly recordId: string;
  readonly input: BatchInput;
  /** As it will stand in a file. */
  readonly modelInput: string;
  /** See {@link WrittenInput}. */
  readonly isAltered: boolean;
}

/** What a batch was made of, with what was found out about it. */
export interface BatchSetting {
  readonly options: BatchOptions & { readonly journal: NonNullable<BatchOptions['journal']> };
  readonly resolved: ResolvedModel;
  /** The model that the task's policy needs, where it is another one. */
  readonly smaller: string | undefined;
  readonly added: ReadonlyMap<string, AddedRecord>;
}

function checked(options: BatchOptions): BatchSetting['options'] {
  checkOptions<BatchOptions>('batch', options, BATCH_CHECKS);
  for (const name of [...REQUIRED, 'model'] as const) {
    if (options[name] === undefined) throw new InvalidOptionError('batch', name, 'is missing');
  }
  if (options.priceOverrides !== undefined) checkOverrides(options.priceOverrides);
  if (options.quotas !== undefined) checkQuotas(options.quotas);
  return { ...options, journal: options.journal ?? memoryJournal() };
}

/** @throws what {@link createBatch} throws for a model. */
export function resolveBatchModel({
  model,
  models = {},
  onDemand,
}: Pick<BatchOptions, 'model' | 'models' | 'onDemand'>): ResolvedModel {
  const resolved = resolveModel(Object.hasOwn(models, model) ? (models[model] as string) : model);
  if (resolved === undefined) {
    throw new UnknownModelError(
      model,
      'Name a model id, a profile or an ARN that says its model, or say in "models" what stands behind the ARN.',
    );
  }
  if (!resolved.model.capabilities.batch && onDemand === undefined) {
    throw new BatchError(
      'COSTKIT_BATCH_MODEL_UNSUPPORTED',
      `${resolved.model.id} takes no batch jobs. Choose another model, or give a runtime client as "onDemand" to send its records one by one`,
    );
  }
  return resolved;
}

/**
 * Makes a batch.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong, `UnknownModelError` for a model that the
 * catalogue does not know, {@link BatchError} `COSTKIT_BATCH_MODEL_UNSUPPORTED` for one that takes no batch jobs and
 * `COSTKIT_BATCH_MODEL_ABOVE_POLICY` for one above what the task needs.
 *
 * @example
 * ```ts
 * const source = jsonlRecords('reviews.jsonl');
 * const batch = createBatch({ bedrock, s3, bucket: 'my-bucket', roleArn, model: 'us.amazon.nova-2-lite-v1:0', source });
 * for await (const result of batch.run()) if (result.ok) save(result.recordId, result.output);
 * ```
 */
export function createBatch(given: BatchOptions): Batch {
  const options = checked(given);
  const resolved = resolveBatchModel(options);
  const added = new Map<string, AddedRecord>();
  const smaller = checkPolicy(options.policy, resolved, options.tags);
  const setting: BatchSetting = { options, resolved, smaller, added };
  let running = false;

  /** One at a time: two runs beside each other would pay everything twice. */
  const alone = (withSource: boolean): AsyncIterable<BatchResult> => {
    const run = { withSource, tags: options.tags ?? currentTags(), tell: receiptTeller() };
    async function* results(): AsyncGenerator<BatchResult> {
      if (running) {
        throw new BatchError(
          'COSTKIT_BATCH_ALREADY_RUN',
          'the batch is running. Read its results to the end before you run it again',
        );
      }
      running = true;
      try {
        // Loaded with the first run: most processes that import this never run one.
        const { runBatch } = await import('./run-batch.js');
        for await (const group of runBatch(setting, run)) yield* group;
      } finally {
        running = false;
      }
    }
    return results();
  };

  return {
    add: (recordId, input) => {
      if (recordId === '' || typeof recordId !== 'string') throw invalidRecord(recordId, 'it needs an id');
      if (added.has(recordId)) {
        throw new BatchError(
          'COSTKIT_BATCH_RECORD_DUPLICATE',
          `the record id "${recordId}" is taken. Give every record its own`,
        );
      }
      const { modelInput, refusal, isAltered = false } = writeInput(input, options.model);
      if (modelInput === undefined) throw invalidRecord(recordId, refusal);
      added.set(recordId, { recordId, input, modelInput, isAltered });
    },
    forecast: async () => (await import('./forecast-batch.js')).forecastBatch(setting),
    run: () => alone(true),
    resume: () => alone(false),
    status: async () => (await import('./batch-status.js')).batchStatus(setting),
    stop: async () => (await import('./batch-status.js')).stopBatch(setting),
  };
}

const invalidRecord = (recordId: string, refusal: string): BatchError =>
  new BatchError(
    'COSTKIT_BATCH_RECORD_INVALID',
    `record "${recordId}" cannot be sent: ${refusal}. Send it on demand`,
  );
