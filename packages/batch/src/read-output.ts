import { BatchError } from './errors.js';
import { type OutputLine, outputFolder } from './job.js';
import { readLines } from './read-lines.js';
import type { BatchJobOptions } from './types.js';

function readLine(line: string): OutputLine | undefined {
  try {
    const value = JSON.parse(line) as Partial<OutputLine> | null;
    return typeof value?.recordId === 'string' ? (value as OutputLine) : undefined;
  } catch {
    return undefined;
  }
}

/** Reads an object of the bucket line by line. */
export async function* readObject({ s3, bucket }: BatchJobOptions, key: string): AsyncGenerator<string> {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  const { Body } = (await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))) as {
    Body: AsyncIterable<Uint8Array>;
  };
  yield* readLines(Body);
}

/** Keys of a job's output files. */
async function* outputKeys({ s3, bucket }: BatchJobOptions, folder: string): AsyncGenerator<string> {
  const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  let token: string | undefined;
  do {
    const page = (await s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: folder,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    )) as { Contents?: { Key?: string }[]; NextContinuationToken?: string };
    for (const { Key } of page.Contents ?? []) if (Key?.endsWith('.jsonl.out') === true) yield Key;
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

/**
 * Reads a job's output line by line, in the order of its files; records come in any order.
 *
 * @throws {@link BatchError} `COSTKIT_BATCH_OUTPUT_INVALID` for broken lines, once all others have been handed on.
 */
export async function* readOutput(options: BatchJobOptions, token: string): AsyncGenerator<OutputLine> {
  let broken = 0;
  let first = '';
  for await (const key of outputKeys(options, outputFolder(options, token))) {
    let number = 0;
    for await (const text of readObject(options, key)) {
      number += 1;
      if (text === '') continue;
      const line = readLine(text);
      if (line !== undefined) {
        yield line;
        continue;
      }
      broken += 1;
      if (broken === 1) first = `line ${number} of s3://${options.bucket}/${key}`;
    }
  }
  if (broken > 0) {
    throw new BatchError(
      'COSTKIT_BATCH_OUTPUT_INVALID',
      `${broken} ${broken === 1 ? 'line' : 'lines'} of the output cannot be read, the first is ${first}. All others were handed on; look at the file, and run the records without an answer again`,
    );
  }
}
