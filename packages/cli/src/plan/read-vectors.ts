import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { CliUsageError } from '../cli-error.js';

/** A vector of a file, with whatever else its line or row says. */
export interface VectorRow {
  /** What names it: a text or number. @defaultValue its place in the file, from 0 */
  readonly id: string;
  readonly vector: readonly number[];
  /** Ids of the vectors that answer it; of questions alone. */
  readonly relevant: readonly string[] | undefined;
}

const NAMES = ['vector', 'embedding', 'values'] as const;

const unusable = (place: string, file: string, why: string, cause?: unknown): CliUsageError =>
  new CliUsageError(
    `${place} of "${file}" ${why}. Write {"id": "…", "vector": [0.1, …]}, a question with "relevant": ["…"] where that is known`,
    'COSTKIT_UNREADABLE_FILE',
    { cause },
  );

/** Takes 64-bit integers of Parquet for what they are. */
const nameOf = (value: unknown): string | undefined =>
  ['string', 'number', 'bigint'].includes(typeof value) ? String(value) : undefined;

function rowOf(found: unknown, index: number, file: string, place: string): VectorRow {
  const row = typeof found === 'object' && found !== null ? (found as Readonly<Record<string, unknown>>) : {};
  const vector = NAMES.map((name) => row[name]).find(
    (value) => Array.isArray(value) || ArrayBuffer.isView(value),
  ) as ArrayLike<unknown> | undefined;
  const numbers = vector === undefined ? [] : Array.from(vector, Number);
  if (numbers.length === 0) throw unusable(place, file, 'holds no vector');
  if (!numbers.every(Number.isFinite)) throw unusable(place, file, 'holds what is no number in its vector');
  const { relevant } = row;
  if (relevant !== undefined && relevant !== null && !Array.isArray(relevant)) {
    throw unusable(place, file, 'says in "relevant" what is no list of ids');
  }
  const named = Array.isArray(relevant) ? relevant.map(nameOf) : undefined;
  return {
    id: nameOf(row['id']) ?? String(index),
    vector: numbers,
    relevant: named?.filter((name) => name !== undefined),
  };
}

async function* rowsOf(file: string): AsyncGenerator<readonly [row: unknown, place: string]> {
  if (file.endsWith('.parquet')) {
    const { asyncBufferFromFile, parquetReadObjects } = await import('hyparquet');
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(file) });
    for (const [index, row] of rows.entries()) yield [row, `row ${index + 1}`];
    return;
  }
  let number = 0;
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number += 1;
    if (line.trim() === '') continue;
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch (cause) {
      throw unusable(`line ${number}`, file, 'is no JSON', cause);
    }
    yield [row, `line ${number}`];
  }
}

/**
 * Reads vectors: JSON lines, or a Parquet file with a column of lists of numbers (`vector`, `embedding` or `values`).
 *
 * @throws `CliUsageError` for a file that cannot be read, and for what is no vector, with its place.
 */
export async function readVectors(file: string): Promise<readonly VectorRow[]> {
  if (!existsSync(file)) {
    throw new CliUsageError(`cannot read "${file}". Name a file of vectors`, 'COSTKIT_UNREADABLE_FILE');
  }
  const rows: VectorRow[] = [];
  try {
    for await (const [row, place] of rowsOf(file)) rows.push(rowOf(row, rows.length, file, place));
  } catch (cause) {
    if (cause instanceof CliUsageError) throw cause;
    throw new CliUsageError(
      `"${file}" cannot be read. Give JSON lines, or Parquet that is not compressed or by Snappy`,
      'COSTKIT_UNREADABLE_FILE',
      { cause },
    );
  }
  if (rows.length > 0) return rows;
  throw new CliUsageError(`"${file}" holds no vectors. Give one a line`, 'COSTKIT_UNREADABLE_FILE');
}
