import type { BulkInvoker } from '@costkit/core';
import { CliUsageError } from '../cli-error.js';
import type { EmbedOptions } from './embed-options.js';

/**
 * Batch jobs, where the command line asks for them.
 *
 * @param ownJournal - of the store, where the command line names none.
 */
export async function bulkJobs(options: EmbedOptions, ownJournal: string): Promise<BulkInvoker | undefined> {
  const { bucket, role, prefix, journal = ownJournal, pollSeconds, region } = options;
  if (bucket === undefined && role === undefined) {
    const idle = Object.entries({
      '--prefix': prefix,
      '--journal': options.journal,
      '--bulk-from': options.bulkFrom,
      '--poll-seconds': pollSeconds,
    }).find(([, value]) => value !== undefined);
    if (idle === undefined) return undefined;
    throw new CliUsageError(
      `${idle[0]} does nothing without --bucket and --role. Add them, or leave ${idle[0]} out`,
      'COSTKIT_INVALID_OPTION',
    );
  }
  if (bucket === undefined || role === undefined) {
    throw new CliUsageError(
      'batch jobs need --bucket and --role. Give both, or neither',
      'COSTKIT_INVALID_OPTION',
    );
  }
  const pollMs = pollSeconds === undefined ? undefined : Math.round(Number(pollSeconds) * 1_000);
  if (pollMs !== undefined && !(pollMs > 0)) {
    throw new CliUsageError(`--poll-seconds "${pollSeconds}" is no number above 0`, 'COSTKIT_INVALID_OPTION');
  }
  const [{ BedrockClient }, { S3Client }, { bulkInvoker }, { openJournal }] = await Promise.all([
    import('@aws-sdk/client-bedrock'),
    import('@aws-sdk/client-s3'),
    import('@costkit/batch'),
    import('../batch/batch-journal.js'),
  ]);
  const at = region === undefined ? {} : { region };
  const s3 = new S3Client(at);
  return bulkInvoker({
    bedrock: new BedrockClient(at),
    s3,
    bucket,
    roleArn: role,
    journal: await openJournal(journal, s3),
    ...(prefix === undefined ? {} : { prefix }),
    ...(pollMs === undefined ? {} : { pollMs }),
  });
}
