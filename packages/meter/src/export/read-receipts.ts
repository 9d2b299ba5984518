import { createReadStream } from 'node:fs';
import type { Receipt } from '@costkit/core';
import { InvalidReceiptError, receiptFromJson } from './receipt-from-json.js';
import { splitLines } from './split-lines.js';

/** A line of a ledger file that holds no receipt. */
export interface LineProblem {
  /** Number of the line, from 1. */
  readonly line: number;
  /** What is wrong with it; never what stands in it. */
  readonly reason: string;
}

/** Far more than any receipt has. */
const MAX_LINE_BYTES = 4_194_304;

function parse(line: string): Receipt | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'is no JSON, as a line that a crash has cut';
  }
  try {
    return receiptFromJson(value);
  } catch (error) {
    if (error instanceof InvalidReceiptError) return `is no receipt: ${error.field} is wrong`;
    throw error;
  }
}

/**
 * Reads the receipts of a file that `jsonlSink` wrote, one after another, in constant memory.
 *
 * @param source - path of the file, or its bytes.
 * @param onProblem - told of every line that holds no receipt. There is no reading without it: nothing is dropped
 * silently.
 * @throws what the file system throws, e.g. `ENOENT`.
 *
 * @example
 * ```ts
 * for await (const receipt of readReceipts('receipts.jsonl', ({ line, reason }) => console.warn(line, reason)))
 *   meter.record(receipt);
 * ```
 */
export async function* readReceipts(
  source: string | AsyncIterable<Uint8Array>,
  onProblem: (problem: LineProblem) => void,
): AsyncGenerator<Receipt> {
  const chunks = typeof source === 'string' ? createReadStream(source) : source;
  let line = 0;
  for await (const text of splitLines(chunks, MAX_LINE_BYTES)) {
    line += 1;
    if (text === '') continue;
    const parsed = text === undefined ? `is longer than ${MAX_LINE_BYTES} bytes` : parse(text);
    if (typeof parsed === 'string') onProblem({ line, reason: parsed });
    else yield parsed;
  }
}
