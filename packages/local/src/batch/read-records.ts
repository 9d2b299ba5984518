import { type BatchRecord, readRecord } from './batch-record.js';
import type { InputFile } from './input-files.js';
import type { JobStorage } from './job-storage.js';
import { jsonlLines } from './jsonl-lines.js';

/** The records of an input file, one at a time. @throws JobFailure at a line that is no record */
export async function* readRecords(
  storage: JobStorage,
  file: InputFile,
  jobId: string,
): AsyncGenerator<BatchRecord> {
  for await (const line of jsonlLines(storage.read(file))) yield readRecord(line, file.name, jobId);
}
