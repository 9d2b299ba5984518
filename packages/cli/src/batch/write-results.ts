import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { BatchResult } from '@costkit/batch';
import { Money } from '@costkit/core';

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

/**
 * Writes results as JSON lines, one at a time. The file has its name only once all are there, so that nobody takes half
 * of them for all, and results of an earlier run stay where this one comes to nothing.
 */
export async function writeResults(
  results: AsyncIterable<BatchResult>,
  file: string,
): Promise<WrittenResults> {
  let [answered, failed] = [0, 0];
  let [spent, saved]: (Money | undefined)[] = [Money.zero, Money.zero];
  const reasons: Record<string, number> = {};
  const unfinished = `${file}.part`;
  const stream = createWriteStream(unfinished);
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
      if (!stream.write(`${JSON.stringify(lineOf(result))}\n`)) await once(stream, 'drain');
    }
  } catch (thrown) {
    error = thrown;
  }
  stream.end();
  await once(stream, 'close');
  const usd = spent?.toUsdString() ?? null;
  const savedUsd = saved?.toUsdString() ?? null;
  const summary = { answered, failed, reasons, usd, savedUsd };
  if (error === undefined || TOLD_AT_THE_END.has((error as { code?: unknown }).code)) {
    await rename(unfinished, file);
    return { summary, file, error };
  }
  if (answered + failed > 0) return { summary, file: unfinished, error };
  await rm(unfinished);
  return { summary, file: undefined, error };
}

const plus = (sum: Money | undefined, amount: Money | undefined): Money | undefined =>
  amount === undefined ? undefined : sum?.plus(amount);

function lineOf(result: BatchResult): object {
  if (!result.ok) return result;
  const { $metadata: _, ...output } = result.output;
  return { ...result, output, cost: undefined, usd: result.cost?.toUsdString() ?? null };
}
