import { BatchError } from './errors.js';
import { loadPackage } from './load-package.js';
import { readLines } from './read-lines.js';
import type { BatchRecord } from './source.js';

/** A row of a table: a CSV file's values are texts. */
export type TableRow = Readonly<Record<string, unknown>>;

/** Makes a record of a row; `undefined` leaves the row out. */
export type RecordOfRow = (row: TableRow, index: number) => BatchRecord | undefined;

/**
 * The records of a file of JSON lines: `{"recordId": "…", "input": {…}}`, or as Bedrock has them,
 * `{"recordId": "…", "modelInput": {…}}`; Converse inputs, not bodies of InvokeModel. Blank lines are passed over. One line is
 * in memory at a time.
 *
 * @returns a source that can be read again.
 * @throws {@link BatchError} `COSTKIT_BATCH_SOURCE_INVALID` while it is read, naming the line.
 *
 * @example
 * ```ts
 * const batch = createBatch({ bedrock, s3, bucket, roleArn, model, source: jsonlRecords('reviews.jsonl') });
 * ```
 */
export function jsonlRecords(path: string): () => AsyncIterable<BatchRecord> {
  return async function* () {
    const { createReadStream } = await import('node:fs');
    let number = 0;
    for await (const line of readLines(createReadStream(path, { highWaterMark: 1 << 18 }))) {
      number += 1;
      if (line.trim() !== '') yield recordOf(line, number);
    }
  };
}

function recordOf(line: string, number: number): BatchRecord {
  let value: { recordId?: unknown; input?: unknown; modelInput?: unknown } | null = null;
  try {
    value = JSON.parse(line);
  } catch {
    // Told below.
  }
  const input = value?.input ?? value?.modelInput;
  const recordId = value?.recordId;
  if (
    typeof input === 'object' &&
    input !== null &&
    (recordId === undefined || typeof recordId === 'string')
  ) {
    return { input: input as BatchRecord['input'], ...(recordId === undefined ? {} : { recordId }) };
  }
  throw new BatchError(
    'COSTKIT_BATCH_SOURCE_INVALID',
    `line ${number} is no record. Write {"recordId": "…", "input": {"messages": […]}} on each line`,
  );
}

/**
 * The records of a CSV file with a header, read row by row by `csv-parse`, which must be installed.
 *
 * @param path - the file; UTF-8.
 * @param record - makes a record of each row; its values are texts.
 * @returns a source that can be read again.
 * @throws {@link BatchError} `COSTKIT_BATCH_PACKAGE_MISSING` while it is read; what `csv-parse` throws for a broken file.
 *
 * @example
 * ```ts
 * const source = csvRecords('reviews.csv', (row) => ({
 *   recordId: String(row['id']),
 *   input: { messages: [{ role: 'user', content: [{ text: `Summarise: ${row['text']}` }] }] },
 * }));
 * ```
 */
export function csvRecords(path: string, record: RecordOfRow): () => AsyncIterable<BatchRecord> {
  return async function* () {
    const { createReadStream } = await import('node:fs');
    const { pipeline } = await import('node:stream');
    const { parse } = await loadPackage('csv-parse', () => import('csv-parse'));
    const rows = parse({ columns: true, bom: true, skip_empty_lines: true });
    // An error of the file ends the parser, and so the loop below.
    pipeline(createReadStream(path), rows, () => undefined);
    yield* recordsOf(rows as AsyncIterable<TableRow>, record);
  };
}

/** Most rows of a Parquet file that are in memory at the same time. */
const PARQUET_ROWS = 10_000;

/**
 * The records of a Parquet file, read by `hyparquet`, which must be installed: a row group at a time, of large ones at
 * most 10,000 rows. Uncompressed files and those that Snappy compressed need nothing else.
 *
 * @param path - the file.
 * @param record - makes a record of each row.
 * @returns a source that can be read again.
 * @throws {@link BatchError} `COSTKIT_BATCH_PACKAGE_MISSING` while it is read; what `hyparquet` throws for a broken file.
 *
 * @example
 * ```ts
 * const source = parquetRecords('reviews.parquet', ({ id, text }) => ({
 *   recordId: String(id),
 *   input: { messages: [{ role: 'user', content: [{ text: `Summarise: ${text}` }] }] },
 * }));
 * ```
 */
export function parquetRecords(path: string, record: RecordOfRow): () => AsyncIterable<BatchRecord> {
  return () => recordsOf(parquetRows(path), record);
}

async function* parquetRows(path: string): AsyncGenerator<TableRow> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } = await loadPackage(
    'hyparquet',
    () => import('hyparquet'),
  );
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  let groupEnd = 0;
  for (const { num_rows } of metadata.row_groups) {
    let rowStart = groupEnd;
    groupEnd += Number(num_rows);
    for (; rowStart < groupEnd; rowStart += PARQUET_ROWS) {
      const rowEnd = Math.min(groupEnd, rowStart + PARQUET_ROWS);
      yield* await parquetReadObjects({ file, metadata, rowStart, rowEnd, useOffsetIndex: true });
    }
  }
}

async function* recordsOf(rows: AsyncIterable<TableRow>, record: RecordOfRow): AsyncGenerator<BatchRecord> {
  let index = 0;
  for await (const row of rows) {
    const made = record(row, index);
    index += 1;
    if (made !== undefined) yield made;
  }
}
