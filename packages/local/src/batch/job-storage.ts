import type { ObjectStore } from '../s3/object-store.js';
import { S3Error } from '../s3/s3-error.js';
import type { BatchJob, BatchTrouble } from './batch-job.js';
import type { InputFile, S3Location } from './input-files.js';
import { findInputFiles, parseS3Uri } from './input-files.js';
import { JobFailure } from './job-failure.js';

/** S3 as one job sees it: every failure of an access is a failure of the job. */
export interface JobStorage {
  /** The job's input files; checks the output bucket too. @throws JobFailure */
  findInput(): Promise<readonly InputFile[]>;
  /** Bytes of an input file. Failures come while it is read. */
  read(file: InputFile): AsyncIterable<Uint8Array>;
  /** Writes into the job's output folder. @throws JobFailure */
  write(name: string, body: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
}

/** Opens S3 for a job. The words of its failures are our own: those of the service are not known (assumed). */
export const openJobStorage = (options: {
  readonly job: () => BatchJob;
  readonly store: ObjectStore;
  readonly accountId: string;
  readonly trouble: BatchTrouble | undefined;
}): JobStorage => {
  const { store, accountId, trouble } = options;
  const { jobId, request } = options.job();
  const inputConfig = request.inputDataConfig.s3InputDataConfig;
  const outputConfig = request.outputDataConfig.s3OutputDataConfig;
  const input = parseS3Uri(inputConfig.s3Uri);
  const output = parseS3Uri(outputConfig.s3Uri);
  const outputFolder = `${output.key === '' || output.key.endsWith('/') ? output.key : `${output.key}/`}${jobId}/`;

  const access = async <Result>(
    operation: 'list' | 'read' | 'write',
    { bucket, key }: S3Location,
    run: () => Promise<Result>,
  ): Promise<Result> => {
    const failure = trouble?.beforeStorage?.({ job: options.job(), operation, bucket, key });
    if (failure !== undefined) throw new JobFailure(failure);
    try {
      return await run();
    } catch (error) {
      if (error instanceof S3Error) throw new JobFailure(describe(error, { bucket, key }));
      throw error;
    }
  };
  const checkOwner = (owner: string | undefined, { bucket }: S3Location): void => {
    if (owner === undefined || owner === accountId) return;
    throw new JobFailure(`The S3 bucket ${bucket} does not belong to the account ${owner}.`);
  };

  return {
    findInput: async () => {
      checkOwner(inputConfig.s3BucketOwner, input);
      checkOwner(outputConfig.s3BucketOwner, output);
      const files = await access('list', input, () => findInputFiles(store, input));
      if (!(await store.hasBucket(output.bucket))) throw new JobFailure(missingBucket(output.bucket));
      if (files.length > 0) return files;
      throw new JobFailure(
        `No input was found at ${inputConfig.s3Uri}. Give the URI of a .jsonl file, or of a folder that holds some.`,
      );
    },
    read: async function* (file) {
      const location = { bucket: input.bucket, key: file.key };
      const object = await access('read', location, () => store.get(input.bucket, file.key));
      yield* object.body;
    },
    write: async (name, body) => {
      const location = { bucket: output.bucket, key: `${outputFolder}${name}` };
      await access('write', location, () =>
        store.put(location.bucket, location.key, body, {
          headers: { 'content-type': 'application/octet-stream' },
        }),
      );
    },
  };
};

const missingBucket = (bucket: string): string =>
  `The S3 bucket ${bucket} does not exist, or the service role has no access to it.`;

const describe = (error: S3Error, { bucket, key }: S3Location): string => {
  if (error.code === 'NoSuchBucket') return missingBucket(bucket);
  return `Amazon S3 answered ${error.code} for s3://${bucket}/${key}: ${error.message}`;
};
