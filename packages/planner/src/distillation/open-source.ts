import { localFiles } from './local-files.js';
import { isS3Uri, s3Files } from './s3-files.js';
import type { SendingClient } from './sending-client.js';
import type { SourceFile } from './source-file.js';

/** What logs, jobs and people write; whatever else lies in a folder is none of ours. */
const READABLE = /\.(?:jsonl?|ndjson|log|txt)(?:\.gz)?$|\.gz$|\.jsonl\.out$/;
/** Bedrock writes one such object to see whether it may. */
const PERMISSION_CHECK = 'amazon-bedrock-logs-permission-check';

/**
 * The files of a source, by their names. A single file is taken, whatever it is called.
 *
 * @throws DistillationError `COSTKIT_DISTILLATION_SOURCE_INVALID` for a source that cannot be read. Errors of the S3
 * client pass as they are.
 */
export async function openSource(
  source: string,
  s3: SendingClient | undefined,
): Promise<readonly SourceFile[]> {
  const files = isS3Uri(source) ? await s3Files(source, s3) : await localFiles(source);
  return files.filter(
    ({ name }) => name === source || (READABLE.test(name) && !name.endsWith(PERMISSION_CHECK)),
  );
}
