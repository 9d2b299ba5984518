import { BatchError } from './errors.js';
import { type OutputLine, outputFolder } from './job.js';
import { readLineGroups } from './read-lines.js';
import type { BatchJobOptions } from './types.js';

function readLine(line: string): OutputLine | undefined {
  const answer = readAnswer(line);
  if (answer !== undefined) return answer;
  const value = parse(line);
  return typeof value?.recordId === 'string' ? (value as OutputLine) : undefined;
}

function parse(text: string): Partial<OutputLine> | undefined {
  try {
    return (JSON.parse(text) as Partial<OutputLine> | null) ?? undefined;
  } catch {
    return undefined;
  }
}

const OUTPUT = ',"modelOutput":';
const ID = '{"recordId":"';

/**
 * Reads a line without the request, which the service echoes before the answer and which is longer than that more often than
 * not; nobody needs it where the answer counts its tokens.
 *
 * @returns `undefined`: the line is of another form.
 */
function readAnswer(line: string): OutputLine | undefined {
  // Quotes that are not escaped stand in no text. A member of the request that is called so leaves a rest that is no JSON.
  const at = line.indexOf(OUTPUT);
  if (at === -1) return undefined;
  const rest = parse(`{${line.slice(at + 1)}`);
  const recordId = line.startsWith(ID) ? line.slice(ID.length, line.indexOf('"', ID.length)) : rest?.recordId;
  if (typeof recordId !== 'string' || recordId.includes('\\')) return undefined;
  return rest !== undefined && typeof rest.modelOutput?.['usage'] === 'object'
    ? Object.assign(rest, { recordId })
    : undefined;
}

/** Reads an object of the bucket, a group of lines at a time: one by one would cost more than to read them. */
export async function* readObject(
  { s3, bucket }: BatchJobOptions,
  key: string,
): AsyncGenerator<readonly string[]> {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  const { Body } = (await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))) as {
    Body: AsyncIterable<Uint8Array>;
  };
  yield* readLineGroups(Body);
}

/** Keys of a job's output files, in order. */
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

/** Lines of a job's output that cannot be read; told once all others have been handed on. */
export interface BrokenLines {
  count: number;
  first: string;
}

/** Reads a job's output, a group of lines at a time, in the order of its files; records come in any order. */
export async function* readOutput(
  options: BatchJobOptions,
  token: string,
  broken: BrokenLines,
): AsyncGenerator<readonly OutputLine[]> {
  for await (const key of outputKeys(options, outputFolder(options, token))) {
    let number = 0;
    for await (const texts of readObject(options, key)) {
      const lines: OutputLine[] = [];
      for (const text of texts) {
        number += 1;
        if (text === '') continue;
        const line = readLine(text);
        if (line !== undefined) lines.push(line);
        else {
          broken.count += 1;
          if (broken.count === 1) broken.first = `line ${number} of s3://${options.bucket}/${key}`;
        }
      }
      yield lines;
    }
  }
}

/** Says which lines could not be read. */
export const brokenOutput = ({ count, first }: BrokenLines): BatchError =>
  new BatchError(
    'COSTKIT_BATCH_OUTPUT_INVALID',
    `${count} ${count === 1 ? 'line' : 'lines'} of the output cannot be read, the first is ${first}. All others were handed on; look at the file, and run the records without an answer again`,
  );
