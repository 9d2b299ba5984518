import { checkOptions, InvalidOptionError, Money, type RequestView } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { checkOverrides, costOf, type PriceQuery, resolveModel, UnknownModelError } from '@costkit/pricing';
import { systemBatchClock } from './batch-clock.js';
import { BATCH_CHECKS, REQUIRED } from './batch-options.js';
import { MIN_RECORDS } from './constants.js';
import { BatchError } from './errors.js';
import { type BatchForecast, forecast } from './forecast.js';
import { type HeldBudget, holdBudget } from './held-budget.js';
import type { Job, OutputLine } from './job.js';
import { memoryJournal } from './journal.js';
import { sendOnDemand } from './on-demand.js';
import { newShards, openJob, resumeJob, unfinishedJobs } from './open-job.js';
import { readObject } from './read-output.js';
import { readRecord } from './read-record.js';
import { runJobs } from './run-jobs.js';
import { type Shard, shardRecords } from './shard-records.js';
import type { BatchFailure, BatchInput, BatchOptions, BatchResult } from './types.js';
import { type WrittenRecord, writeRecord } from './write-record.js';

/** Records on their way through batch inference. */
export interface Batch {
  /**
   * Adds a record.
   *
   * @param recordId - names the record in the results; unique in the batch.
   * @param input - a Converse input; its `modelId`, if any, is replaced by the batch's model.
   * @throws {@link BatchError} for an id that is taken and for an input that batch inference cannot answer.
   */
  add(recordId: string, input: BatchInput): void;
  /** What the batch will cost, before anything is paid. */
  forecast(): Promise<BatchForecast>;
  /**
   * Writes, starts, waits and yields the results, in the order in which the service wrote them; records that a job left
   * out follow as failures. After a crash, add the same records with the same journal and run again: no step is paid
   * twice.
   *
   * @throws {@link BatchError} before anything is paid, when there are too few records, the forecast is above
   * `maxUsd` or the bucket is missing; and, once all that was answered has been yielded, when a job failed or its
   * output is broken.
   */
  run(): AsyncIterable<BatchResult>;
  /** Goes on with what the journal holds, without the records. */
  resume(): AsyncIterable<BatchResult>;
}

interface Entry extends WrittenRecord {
  readonly view: RequestView;
}

function checked(options: BatchOptions): BatchOptions {
  checkOptions<BatchOptions>('batch', options, BATCH_CHECKS);
  for (const name of [...REQUIRED, 'model'] as const) {
    if (options[name] === undefined) throw new InvalidOptionError('batch', name, 'is missing');
  }
  if (options.priceOverrides !== undefined) checkOverrides(options.priceOverrides);
  return options;
}

/**
 * Makes a batch.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong, `UnknownModelError` for a model that the
 * catalogue does not know, {@link BatchError} `COSTKIT_BATCH_MODEL_UNSUPPORTED` for one that takes no batch jobs.
 *
 * @example
 * ```ts
 * const batch = createBatch({ bedrock, s3, bucket: 'my-bucket', roleArn, model: 'us.amazon.nova-2-lite-v1:0' });
 * for (const review of reviews) batch.add(review.id, { messages: [{ role: 'user', content: [{ text: review.text }] }] });
 * for await (const result of batch.run()) if (result.ok) save(result.recordId, result.output);
 * ```
 */
export function createBatch(given: BatchOptions): Batch {
  const options = checked(given);
  const { model, models = {}, signal, clock = systemBatchClock } = options;
  const resolved = resolveModel(Object.hasOwn(models, model) ? (models[model] as string) : model);
  if (resolved === undefined) {
    throw new UnknownModelError(
      model,
      'Name a model id, a profile or an ARN that says its model, or say in "models" what stands behind the ARN.',
    );
  }
  if (!resolved.model.capabilities.batch) {
    throw new BatchError(
      'COSTKIT_BATCH_MODEL_UNSUPPORTED',
      `${resolved.model.id} takes no batch jobs. Choose another model, or send on demand`,
    );
  }
  const entries = new Map<string, Entry>();
  let running = false;
  const job: Job = {
    options,
    model,
    recordType: 'Converse',
    journal: options.journal ?? memoryJournal(),
    onProgress: options.onProgress ?? (() => undefined),
  };
  const budgeting = { budget: options.budget, tags: options.tags, clock };
  const unread = viewRequest('Converse', { modelId: model, messages: [] });

  const priceQuery = async (): Promise<PriceQuery> => {
    const region = await regionOf(options);
    return {
      model: resolved,
      at: new Date(clock.now()),
      ...(region === undefined ? {} : { region }),
      ...(options.priceOverrides === undefined ? {} : { overrides: options.priceOverrides }),
    };
  };

  const resultOf = (line: OutputLine, view: RequestView, query: PriceQuery): BatchResult => {
    if (line.modelOutput === undefined || line.modelOutput === null) return failureOf(line);
    const { output, usage, quality } = readRecord(view, line.modelOutput);
    const { total, complete } = costOf(usage, { ...query, batch: true });
    // Without the request nothing of it can be estimated.
    const known = complete && (quality === 'measured' || view !== unread);
    return {
      recordId: line.recordId,
      ok: true,
      output: output as Readonly<Record<string, unknown>>,
      usage,
      quality,
      cost: known ? total : undefined,
      mode: 'batch',
    };
  };

  const predict = async (): Promise<BatchForecast> =>
    forecast(
      [...entries.values()].map(({ view }) => view),
      await priceQuery(),
      resolved.model.id,
    );

  /** Whole or not at all, before the first job is staged. */
  const hold = async (shards: readonly Shard[]): Promise<HeldBudget> => {
    if (options.budget === undefined) return holdBudget(budgeting, job.journal, undefined);
    const fresh = await newShards(job, shards);
    const views = fresh.flatMap(({ records }) =>
      records.map(({ recordId }) => (entries.get(recordId) as Entry).view),
    );
    return holdBudget(
      budgeting,
      job.journal,
      fresh.length === 0
        ? undefined
        : async () => forecast(views, await priceQuery(), resolved.model.id).highest,
    );
  };

  /** One at a time: two runs beside each other would pay everything twice. */
  async function* alone(work: () => AsyncIterable<BatchResult>): AsyncGenerator<BatchResult> {
    if (running) {
      throw new BatchError(
        'COSTKIT_BATCH_ALREADY_RUN',
        'the batch is running. Read its results to the end before you run it again',
      );
    }
    running = true;
    try {
      yield* work();
    } finally {
      running = false;
    }
  }

  async function* run(): AsyncGenerator<BatchResult> {
    if (options.maxUsd !== undefined) refuseTooDear(options.maxUsd, await predict());
    const query = await priceQuery();
    const records = [...entries.values()];
    if (records.length < MIN_RECORDS) {
      yield* sendOnDemand(onDemandClient(options, records.length), records, query, signal);
      return;
    }
    const waiting = new Set(entries.keys());
    const shards = shardRecords(records);
    const held = await hold(shards);
    try {
      for await (const event of runJobs(job, shards, (shard) => openJob(job, shard))) {
        if ('line' in event) {
          const entry = entries.get(event.line.recordId);
          if (entry !== undefined && waiting.delete(event.line.recordId)) {
            yield held.add(resultOf(event.line, entry.view, query));
          }
          continue;
        }
        for (const { recordId } of event.from.records)
          if (waiting.delete(recordId)) yield leftOut(recordId, event.ended);
      }
    } catch (error) {
      await held.close(error);
      throw error;
    }
    await held.close();
  }

  async function* resume(): AsyncGenerator<BatchResult> {
    const query = await priceQuery();
    const answered = new Set<string>();
    const held = await holdBudget(budgeting, job.journal, undefined);
    try {
      for await (const event of runJobs(job, await unfinishedJobs(job), (known) => resumeJob(job, known))) {
        if ('line' in event) {
          answered.add(event.line.recordId);
          yield held.add(resultOf(event.line, unread, query));
          continue;
        }
        // Who is missing stands in the input file only.
        if (answered.size < event.from.staged.records) {
          for await (const line of readObject(options, event.from.staged.key)) {
            const { recordId } = JSON.parse(line) as { recordId: string };
            if (!answered.has(recordId)) yield leftOut(recordId, event.ended);
          }
        }
        answered.clear();
      }
    } catch (error) {
      await held.close(error);
      throw error;
    }
    await held.close();
  }

  return {
    add: (recordId, input) => {
      if (entries.has(recordId)) {
        throw new BatchError(
          'COSTKIT_BATCH_RECORD_DUPLICATE',
          `the record id "${recordId}" is taken. Give every record its own`,
        );
      }
      const view = viewRequest('Converse', { ...input, modelId: model });
      entries.set(recordId, { view, ...writeRecord(recordId, view) });
    },
    forecast: predict,
    run: () => alone(run),
    resume: () => alone(resume),
  };
}

const failureOf = ({ recordId, error }: OutputLine): BatchFailure => ({
  recordId,
  ok: false,
  errorCode: String(error?.errorCode ?? 'Unknown'),
  errorMessage: error?.errorMessage ?? 'The service gave no reason.',
});

const leftOut = (recordId: string, status: string): BatchFailure => ({
  recordId,
  ok: false,
  errorCode: status,
  errorMessage: `The job ended as ${status} without an answer to this record.`,
});

function refuseTooDear(maxUsd: number | string, { highest }: BatchForecast): void {
  if (highest === undefined) {
    throw new BatchError(
      'COSTKIT_BATCH_TOO_EXPENSIVE',
      'the worst case is unknown, so "maxUsd" cannot be kept. Give every record an inferenceConfig.maxTokens and no media that cannot be counted, and choose a model with a batch price',
    );
  }
  const limit = Money.fromUsd(maxUsd);
  if (highest.compare(limit) > 0) {
    throw new BatchError(
      'COSTKIT_BATCH_TOO_EXPENSIVE',
      `the worst case is ${highest}, above the limit of ${limit}. Lower the records' maxTokens, choose a cheaper model, or raise "maxUsd"`,
    );
  }
}

function onDemandClient({ onDemand }: BatchOptions, records: number): NonNullable<BatchOptions['onDemand']> {
  if (onDemand !== undefined) return onDemand;
  throw new BatchError(
    'COSTKIT_BATCH_TOO_FEW_RECORDS',
    `a job takes at least ${MIN_RECORDS} records, these are ${records}. Add more, or give a runtime client as "onDemand" to send them one by one`,
  );
}

async function regionOf({ bedrock }: BatchOptions): Promise<string | undefined> {
  const { config } = bedrock as { config?: { region?: unknown } };
  const region: unknown = typeof config?.region === 'function' ? await config.region() : config?.region;
  return typeof region === 'string' ? region : undefined;
}
