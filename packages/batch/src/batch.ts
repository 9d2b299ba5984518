import {
  checkOptions,
  isFunction,
  isObject,
  isPositiveInteger,
  isText,
  Money,
  type RequestView,
} from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { costOf, resolveModel, UnknownModelError } from '@costkit/pricing';
import { MIN_RECORDS } from './constants.js';
import { BatchError } from './errors.js';
import { type BatchForecast, forecast } from './forecast.js';
import { memoryJournal } from './journal.js';
import { readRecord } from './read-record.js';
import { finishShard, type Job, type OutputLine, runShard } from './run-job.js';
import { shardRecords } from './shard-records.js';
import type { BatchInput, BatchOptions, BatchResult } from './types.js';
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
  forecast(): BatchForecast;
  /**
   * Writes, starts, waits and yields the results, in the order in which the service wrote them. After a crash,
   * add the same records with the same journal and run again: no step is paid twice.
   *
   * @throws {@link BatchError} before anything is paid, when there are too few records, the forecast is above
   * `maxUsd` or the bucket is missing; and when a job fails.
   */
  run(): AsyncIterable<BatchResult>;
  /** Goes on with what the journal holds, without the records. */
  resume(): AsyncIterable<BatchResult>;
}

interface Entry extends WrittenRecord {
  readonly view: RequestView;
}

function checkBatchOptions(options: BatchOptions): void {
  checkOptions<BatchOptions>('batch', options, {
    bedrock: isObject,
    s3: isObject,
    bucket: isText,
    roleArn: (value) =>
      /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(String(value))
        ? undefined
        : 'must be the ARN of an IAM role',
    prefix: isText,
    timeoutHours: (value) =>
      Number(value) >= 24 && Number(value) <= 168 ? undefined : 'must be 24 to 168 hours',
    pollMs: isPositiveInteger,
    clock: isObject,
    model: isText,
    journal: isObject,
    maxUsd: (value) => (Number(value) > 0 ? undefined : 'must be an amount of dollars above 0'),
    onDemand: isObject,
    onProgress: isFunction,
  });
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
export function createBatch(options: BatchOptions): Batch {
  checkBatchOptions(options);
  const resolved = resolveModel(options.model);
  if (resolved === undefined)
    throw new UnknownModelError(options.model, 'Name a model id, a profile or an ARN that says its model.');
  if (!resolved.model.capabilities.batch) {
    throw new BatchError(
      'COSTKIT_BATCH_MODEL_UNSUPPORTED',
      `${resolved.model.id} takes no batch jobs. Choose another model, or send on demand`,
    );
  }
  const entries = new Map<string, Entry>();
  const job: Job = {
    options,
    model: options.model,
    recordType: 'Converse',
    journal: options.journal ?? memoryJournal(),
    onProgress: options.onProgress ?? (() => undefined),
  };

  const resultOf = async (line: OutputLine, view: RequestView): Promise<BatchResult> => {
    if (line.modelOutput === undefined) return failureOf(line);
    const { output, usage } = readRecord(view, line.modelOutput);
    const region = await regionOf(options);
    const { total, complete } = costOf(usage, {
      model: resolved,
      batch: true,
      ...(region === undefined ? {} : { region }),
    });
    return {
      recordId: line.recordId,
      ok: true,
      output: output as Readonly<Record<string, unknown>>,
      usage,
      cost: complete ? total : undefined,
      mode: 'batch',
    };
  };

  return {
    add: (recordId, input) => {
      if (entries.has(recordId)) {
        throw new BatchError(
          'COSTKIT_BATCH_RECORD_DUPLICATE',
          `the record id "${recordId}" is taken. Give every record its own`,
        );
      }
      const view = viewRequest('Converse', { ...input, modelId: options.model });
      entries.set(recordId, { view, ...writeRecord(recordId, view) });
    },
    forecast: () =>
      forecast(
        [...entries.values()].map(({ view }) => view),
        resolved,
      ),
    run: async function* () {
      refuseTooDear(
        options,
        forecast(
          [...entries.values()].map(({ view }) => view),
          resolved,
        ),
      );
      if (entries.size < MIN_RECORDS) {
        yield* onDemand(options, entries);
        return;
      }
      const waiting = new Set(entries.keys());
      for (const shard of shardRecords([...entries.values()].map(({ line }) => line))) {
        for await (const line of runShard(job, shard)) {
          const entry = entries.get(line.recordId);
          if (entry === undefined || !waiting.delete(line.recordId)) continue;
          yield await resultOf(line, entry.view);
        }
      }
      for (const recordId of waiting) {
        yield {
          recordId,
          ok: false,
          errorCode: 'NotProcessed',
          errorMessage: 'The job ended before it came to this record.',
        };
      }
    },
    resume: async function* () {
      const staged = (await job.journal.entries()).filter((entry) => entry.step === 'staged');
      for (const entry of staged) {
        if (entry.step !== 'staged') continue;
        for await (const line of finishShard(job, entry)) {
          yield await resultOf(line, viewRequest('Converse', { modelId: options.model, messages: [] }));
        }
      }
    },
  };
}

const failureOf = ({ recordId, error }: OutputLine): BatchResult => ({
  recordId,
  ok: false,
  errorCode: String(error?.errorCode ?? 'Unknown'),
  errorMessage: error?.errorMessage ?? 'The service gave no reason.',
});

function refuseTooDear({ maxUsd }: BatchOptions, { highest }: BatchForecast): void {
  if (maxUsd === undefined) return;
  if (highest === undefined) {
    throw new BatchError(
      'COSTKIT_BATCH_TOO_EXPENSIVE',
      'the worst case is unknown, so "maxUsd" cannot be kept. Give every record an inferenceConfig.maxTokens, and a model with a batch price',
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

async function regionOf({ bedrock }: BatchOptions): Promise<string | undefined> {
  const { config } = bedrock as { config?: { region?: unknown } };
  const region: unknown = typeof config?.region === 'function' ? await config.region() : config?.region;
  return typeof region === 'string' ? region : undefined;
}

/** Fewer records than a job takes: each is sent by itself. */
async function* onDemand(
  options: BatchOptions,
  entries: ReadonlyMap<string, Entry>,
): AsyncGenerator<BatchResult> {
  const { onDemand: client } = options;
  if (client === undefined && entries.size > 0) {
    throw new BatchError(
      'COSTKIT_BATCH_TOO_FEW_RECORDS',
      `a job takes at least ${MIN_RECORDS} records, these are ${entries.size}. Give a runtime client as "onDemand" to send them one by one`,
    );
  }
  const { ConverseCommand } = await import('@aws-sdk/client-bedrock-runtime');
  for (const [recordId, { view }] of entries) {
    yield await (client as NonNullable<typeof client>).send(new ConverseCommand(view.input as never)).then(
      (output): BatchResult => {
        const { usage } = readRecord(view, output as Readonly<Record<string, unknown>>);
        const { total, complete } = costOf(usage, { model: options.model });
        return {
          recordId,
          ok: true,
          output: output as Readonly<Record<string, unknown>>,
          usage,
          cost: complete ? total : undefined,
          mode: 'on-demand',
        };
      },
      (error: Error): BatchResult => ({
        recordId,
        ok: false,
        errorCode: error.name,
        errorMessage: error.message,
      }),
    );
  }
}
