import type { CatalogueModel } from '@costkit/pricing/catalogue';
import type { InferenceEngine } from '../contract.js';
import type { BatchInterruption, BatchTrouble } from './batch-job.js';
import type { BatchRecord } from './batch-record.js';
import type { InputFile } from './input-files.js';
import { JobFailure } from './job-failure.js';
import type { JobState } from './job-state.js';
import type { JobStorage } from './job-storage.js';
import { readRecords } from './read-records.js';
import { refuseRecord } from './refuse-record.js';
import { type RecordResult, recordResult, resultLine } from './result-line.js';
import { createShuffleWindow } from './shuffle-window.js';

/** Why processing ended; `complete` when every record was processed. */
export type ProcessingEnd =
  | { readonly kind: 'complete' }
  | Exclude<BatchInterruption, { readonly kind: 'recordError' }>;

/** What processing needs. */
export interface ProcessingParts {
  readonly state: JobState;
  readonly storage: JobStorage;
  readonly engine: InferenceEngine;
  readonly model: CatalogueModel;
  readonly trouble: BatchTrouble | undefined;
  /** Records that are run at the same time. */
  readonly concurrency: number;
  /** Gives numbers from 0 up to 1. */
  readonly random: () => number;
  /** Waits for a record's turn; why the job ends before that record, if it does. */
  readonly waitFor: (index: number) => Promise<ProcessingEnd | undefined>;
}

const BATCH_MODE = { batch: true, tier: 'standard', latencyOptimized: false } as const;

/** Ends a file's output without writing it. */
class Discard extends Error {}

/**
 * Runs a job's records and writes an output file per input file, then the manifest. Records stream from the
 * input into the output: a job of any size takes the same memory.
 * @throws JobFailure when the output cannot be written
 */
export const processRecords = async (
  files: readonly InputFile[],
  parts: ProcessingParts,
): Promise<ProcessingEnd> => {
  const { state, storage } = parts;
  let end: ProcessingEnd | undefined;
  let index = 0;
  const tokens = { input: 0, output: 0 };
  const { modelInvocationType: shape, modelId } = state.job.request;

  const runRecord = async ({ modelInput }: BatchRecord): Promise<RecordResult> => {
    const refusal = refuseRecord(modelInput, shape, parts.model);
    if (refusal !== undefined) return { ok: false, errorCode: 400, errorMessage: refusal };
    try {
      const result = await parts.engine.run({ modelId, shape, body: { ...modelInput }, mode: BATCH_MODE });
      if (result.ok) {
        tokens.input += result.inputTokens;
        tokens.output += result.outputTokens;
      }
      return recordResult(result);
    } catch {
      // A model behind the server broke down: the record fails, the job goes on.
      return {
        ok: false,
        errorCode: 500,
        errorMessage: 'The system encountered an unexpected error during processing.',
      };
    }
  };

  const start = async (
    record: BatchRecord,
  ): Promise<{ readonly result: Promise<RecordResult> } | undefined> => {
    end = await parts.waitFor(index);
    if (end !== undefined) return undefined;
    const interruption = parts.trouble?.beforeRecord?.({ job: state.job, index, recordId: record.recordId });
    index += 1;
    if (interruption?.kind === 'recordError') {
      const { errorCode, errorMessage } = interruption;
      return { result: Promise.resolve({ ok: false, errorCode, errorMessage }) };
    }
    end = interruption;
    return interruption === undefined ? { result: runRecord(record) } : undefined;
  };

  async function* results(file: InputFile): AsyncGenerator<string> {
    let running: { readonly record: BatchRecord; readonly result: Promise<RecordResult> }[] = [];
    const settle = async function* (): AsyncGenerator<string> {
      for (const { record, result } of running) {
        const settled = await result;
        const { processedRecordCount, successRecordCount, errorRecordCount } = state.job;
        state.count({
          processedRecordCount: processedRecordCount + 1,
          successRecordCount: successRecordCount + (settled.ok ? 1 : 0),
          errorRecordCount: errorRecordCount + (settled.ok ? 0 : 1),
        });
        yield resultLine(record, settled, shape);
      }
      running = [];
    };
    try {
      for await (const record of readRecords(storage, file, state.job.jobId)) {
        const started = await start(record);
        if (started === undefined) break;
        running.push({ record, result: started.result });
        if (running.length >= parts.concurrency) yield* settle();
      }
    } catch (error) {
      if (!(error instanceof JobFailure)) throw error;
      end = { kind: 'fail', message: error.message };
    }
    yield* settle();
  }

  async function* output(file: InputFile): AsyncGenerator<Uint8Array> {
    const window = createShuffleWindow(parts.random);
    for await (const line of results(file)) yield* encode(window.push(line));
    if (end?.kind === 'fail' && end.partialOutput === false) throw new Discard();
    yield* encode(window.flush());
  }

  for (const file of files) {
    if (end !== undefined) break;
    await storage.write(`${file.name}.out`, output(file)).catch((error: unknown) => {
      if (!(error instanceof Discard)) throw error;
    });
  }
  if (end?.kind !== 'fail' || end.partialOutput !== false) {
    const { totalRecordCount, processedRecordCount, successRecordCount, errorRecordCount } = state.job;
    const manifest = {
      totalRecordCount,
      processedRecordCount,
      successRecordCount,
      errorRecordCount,
      inputTokenCount: tokens.input,
      outputTokenCount: tokens.output,
    };
    await storage.write('manifest.json.out', Buffer.from(`${JSON.stringify(manifest)}\n`));
  }
  return end ?? { kind: 'complete' };
};

function* encode(lines: readonly string[]): Generator<Uint8Array> {
  if (lines.length > 0) yield Buffer.from(`${lines.join('\n')}\n`);
}
