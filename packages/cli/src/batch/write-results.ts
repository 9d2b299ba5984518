import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BatchResult } from '@costkit/batch';
import { Money } from '@costkit/core';
import { temporaryFolder } from '@costkit/core/temporary-folder';

/** What became of the records of a batch. */
export interface BatchSummary {
  readonly answered: number;
  readonly failed: number;
  /** Failures by their reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** What the answers have cost, in dollars; `null`: not all of it is known. */
  readonly usd: string | null;
  /** What they would have cost more on demand, in dollars; `null`: not all of it is known. */
  readonly savedUsd: string | null;
}

/** What was written. */
export interface WrittenResults {
  readonly summary: BatchSummary;
  /** Where the results are; `undefined`: there are none, and nothing was written. */
  readonly file: string | undefined;
  /** What stopped the batch, if anything did. */
  readonly error: unknown;
}

/** Thrown once all results were handed on. */
const TOLD_AT_THE_END: ReadonlySet<unknown> = new Set([
  'COSTKIT_BATCH_JOB_FAILED',
  'COSTKIT_BATCH_OUTPUT_INVALID',
]);

/** Characters that are written at once. */
const WRITTEN_AT_ONCE = 1 << 16;

/**
 * Writes results as JSON lines. The file has its name only once all are there, so that nobody takes half of them for all, and
 * results of an earlier run stay where this one comes to nothing. What is not finished stands beside it under a name of this
 * process alone: another one that runs the same batch is told so by its journal, and must leave this one's results alone.
 */
export async function writeResults(
  results: AsyncIterable<BatchResult>,
  file: string,
): Promise<WrittenResults> {
  const folder = await temporaryFolder(dirname(file));
  try {
    const unfinished = join(folder.path, 'results');
    const handle = await open(unfinished, 'wx');
    const { summary, error } = await writeAll(results, handle).finally(() => handle.close());
    const isWhole = error === undefined || TOLD_AT_THE_END.has((error as { code?: unknown }).code);
    if (!isWhole && summary.answered + summary.failed === 0) return { summary, file: undefined, error };
    const name = isWhole ? file : `${file}.part`;
    await rename(unfinished, name);
    // What an earlier run has left is in it.
    if (isWhole) await rm(`${file}.part`, { force: true });
    return { summary, file: name, error };
  } finally {
    await folder.remove();
  }
}

async function writeAll(
  results: AsyncIterable<BatchResult>,
  file: FileHandle,
): Promise<Omit<WrittenResults, 'file'>> {
  let [answered, failed] = [0, 0];
  let [spent, saved]: (Money | undefined)[] = [Money.zero, Money.zero];
  const reasons: Record<string, number> = {};
  let waiting = '';
  const flush = async (): Promise<void> => {
    await file.appendFile(waiting);
    waiting = '';
  };
  let error: unknown;
  try {
    for await (const result of results) {
      if (result.ok) {
        answered += 1;
        spent = plus(spent, result.cost);
        saved = plus(saved, result.receipt.saved);
      } else {
        failed += 1;
        reasons[result.errorCode] = (reasons[result.errorCode] ?? 0) + 1;
      }
      waiting += `${JSON.stringify(lineOf(result))}\n`;
      if (waiting.length >= WRITTEN_AT_ONCE) await flush();
    }
  } catch (thrown) {
    error = thrown;
  }
  await flush();
  const usd = spent?.toUsdString() ?? null;
  const savedUsd = saved?.toUsdString() ?? null;
  return { summary: { answered, failed, reasons, usd, savedUsd }, error };
}

const plus = (sum: Money | undefined, amount: Money | undefined): Money | undefined =>
  amount === undefined ? undefined : sum?.plus(amount);

function lineOf(result: BatchResult): object {
  if (!result.ok) return result;
  const { $metadata: _, ...output } = result.output;
  return { ...result, output, cost: undefined, usd: result.cost?.toUsdString() ?? null };
}
