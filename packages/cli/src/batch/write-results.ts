import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
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
}

/**
 * Writes results as JSON lines, one at a time. The file has its name only once all are there, so that nobody takes half
 * of them for all; `error` is what stopped the batch, if anything did.
 */
export async function writeResults(
  results: AsyncIterable<BatchResult>,
  file: string,
): Promise<{ readonly summary: BatchSummary; readonly error: unknown }> {
  let [answered, failed] = [0, 0];
  let spent: Money | undefined = Money.zero;
  const reasons: Record<string, number> = {};
  const unfinished = `${file}.part`;
  const stream = createWriteStream(unfinished);
  let error: unknown;
  try {
    for await (const result of results) {
      if (result.ok) {
        answered += 1;
        spent = result.cost === undefined ? undefined : spent?.plus(result.cost);
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
  await rename(unfinished, file);
  return { summary: { answered, failed, reasons, usd: spent?.toUsdString() ?? null }, error };
}

function lineOf(result: BatchResult): object {
  if (!result.ok) return result;
  const { $metadata: _, ...output } = result.output;
  return { ...result, output, cost: undefined, usd: result.cost?.toUsdString() ?? null };
}
