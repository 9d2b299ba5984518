import type { BatchJob } from './batch-job.js';
import type { BatchLimits } from './batch-limits.js';
import type { InputFile } from './input-files.js';
import { JobFailure } from './job-failure.js';
import type { JobStorage } from './job-storage.js';
import { readRecords } from './read-records.js';

/** What validation found. */
export interface ValidatedInput {
  readonly files: readonly InputFile[];
  readonly recordCount: number;
}

/**
 * Checks a job's files as the service does in the status Validating: access, sizes, numbers of records, and that
 * each line is a record. Whether a model understands a record's input is not looked at.
 * @throws JobFailure
 */
export const validateInput = async (
  job: BatchJob,
  storage: JobStorage,
  limits: BatchLimits,
): Promise<ValidatedInput> => {
  const files = await storage.findInput();
  checkSizes(files, limits);
  let recordCount = 0;
  for (const file of files) {
    let inFile = 0;
    for await (const _record of readRecords(storage, file, job.jobId)) inFile += 1;
    if (inFile > limits.maxRecordsPerFile) {
      throw new JobFailure(
        `Input file ${file.name} contains more records (${inFile}) than the allowed maximum of: ${limits.maxRecordsPerFile}`,
      );
    }
    recordCount += inFile;
  }
  if (recordCount < limits.minRecordsPerJob) {
    // Observed with the real service, word for word.
    throw new JobFailure(
      `Batch job ${job.jobArn} contains less records (${recordCount}) than the required minimum of: ${limits.minRecordsPerJob}`,
    );
  }
  if (recordCount > limits.maxRecordsPerJob) {
    throw new JobFailure(
      `Batch job ${job.jobArn} contains more records (${recordCount}) than the allowed maximum of: ${limits.maxRecordsPerJob}`,
    );
  }
  return { files, recordCount };
};

const checkSizes = (files: readonly InputFile[], limits: BatchLimits): void => {
  for (const { name, size } of files) {
    if (size > limits.maxFileBytes) {
      throw new JobFailure(
        `Input file ${name} is larger (${size} bytes) than the allowed maximum of: ${limits.maxFileBytes}`,
      );
    }
  }
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total > limits.maxJobBytes) {
    throw new JobFailure(
      `The input of the job is larger (${total} bytes) than the allowed maximum of: ${limits.maxJobBytes}`,
    );
  }
};
