import type { BatchRecord, BatchSource, TableRow } from '@costkit/batch';
import { CliUsageError } from '../cli-error.js';

/** How rows of a table become records. */
export interface RowOptions {
  /** The text of a record's prompt, with `{column}` where a column's value goes. */
  readonly prompt?: string;
  readonly system?: string;
  /** The column that names a record in the results. */
  readonly id?: string;
  readonly maxTokens?: number;
}

/**
 * Opens a file of records by the ending of its name: JSON lines, CSV or Parquet.
 *
 * @throws `CliUsageError` where it cannot be read so.
 */
export async function readBatchFile(file: string, options: RowOptions): Promise<BatchSource> {
  const { access, constants } = await import('node:fs/promises');
  await access(file, constants.R_OK).catch((cause: Error) => {
    throw new CliUsageError(`cannot read "${file}". Name a file of records`, 'COSTKIT_CANNOT_READ', {
      cause,
    });
  });
  const { csvRecords, jsonlRecords, parquetRecords } = await import('@costkit/batch');
  if (/\.(jsonl|ndjson)$/i.test(file)) {
    const names = { prompt: '--prompt', system: '--system', id: '--id', maxTokens: '--max-tokens' } as const;
    const idle = Object.entries(names).find(([name]) => options[name as keyof RowOptions] !== undefined);
    if (idle === undefined) return jsonlRecords(file);
    throw new CliUsageError(
      `${idle[1]} is for rows of a table, and the records of "${file}" say it themselves. Leave it out`,
      'COSTKIT_INVALID_OPTION',
    );
  }
  const { prompt } = options;
  const isCsv = /\.csv$/i.test(file);
  if (!isCsv && !/\.parquet$/i.test(file)) {
    throw new CliUsageError(`"${file}" is no .jsonl, .csv or .parquet file`, 'COSTKIT_INVALID_OPTION');
  }
  if (prompt === undefined) {
    throw new CliUsageError(
      'rows need --prompt "… {column} …", the text of each record',
      'COSTKIT_INVALID_OPTION',
    );
  }
  const record = (row: TableRow, index: number): BatchRecord =>
    recordOfRow({ ...options, prompt }, row, index);
  return isCsv ? csvRecords(file, record) : parquetRecords(file, record);
}

function recordOfRow(
  { prompt, system, id, maxTokens }: RowOptions & { readonly prompt: string },
  row: TableRow,
  index: number,
): BatchRecord {
  const valueIn = (column: string): string => {
    if (Object.hasOwn(row, column)) return String(row[column] ?? '');
    throw new CliUsageError(
      `row ${index + 1} has no column "${column}"; there are ${Object.keys(row).join(', ')}`,
      'COSTKIT_INVALID_OPTION',
    );
  };
  const text = prompt.replace(/\{([^{}]+)\}/g, (_, column: string) => valueIn(column));
  return {
    ...(id === undefined ? {} : { recordId: valueIn(id) }),
    input: {
      ...(system === undefined ? {} : { system: [{ text: system }] }),
      messages: [{ role: 'user', content: [{ text }] }],
      ...(maxTokens === undefined ? {} : { inferenceConfig: { maxTokens } }),
    },
  };
}
