import { Buffer } from 'node:buffer';
import { BatchError } from './errors.js';
import { type OutputLine, outputFolder } from './job.js';
import { endOfLine, readWholeLines } from './read-lines.js';
import { openObject } from './read-object.js';
import type { BatchJobOptions } from './types.js';

/** What stands before the parts of a line of the usual form that are read. */
const ID = Buffer.from('{"recordId":"');
const QUOTE = 0x22;
const OUTPUT = Buffer.from(',"modelOutput":');

/**
 * Makes a reader of the lines of a piece of a job's output. @returns what is read between two places; `undefined`: the line is
 * broken.
 */
function lineReader(piece: Buffer): (from: number, end: number) => OutputLine | undefined {
  let outputFrom = -1;

  /**
   * Reads a line without the request, which the service echoes before the answer and which is longer than that more often
   * than not; nobody needs it where the answer counts its tokens.
   *
   * @returns `undefined`: the line is of another form.
   */
  function readAnswer(from: number, end: number): OutputLine | undefined {
    const idFrom = from + ID.length;
    if (idFrom > end || ID.compare(piece, from, idFrom) !== 0) return undefined;
    const recordId = piece.toString('utf8', idFrom, piece.indexOf(QUOTE, idFrom));
    if (recordId.includes('\\')) return undefined;
    if (outputFrom < from) {
      const found = piece.indexOf(OUTPUT, from);
      outputFrom = found === -1 ? piece.length : found;
    }
    if (outputFrom > end) return undefined;
    // Quotes that are not escaped stand in no text. A member of the request that is called so leaves a rest that is no JSON,
    // and so does a line that goes on behind the answer.
    const output = parse(piece.toString('utf8', outputFrom + OUTPUT.length, end - 1)) as
      | OutputLine['modelOutput']
      | undefined;
    return typeof output?.['usage'] === 'object' ? { recordId, modelOutput: output } : undefined;
  }

  return (from, end) => {
    const answer = readAnswer(from, end);
    if (answer !== undefined) return answer;
    const value = parse(piece.toString('utf8', from, end)) as Partial<OutputLine> | undefined;
    return typeof value?.recordId === 'string' ? (value as OutputLine) : undefined;
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
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
    for await (const piece of readWholeLines(await openObject(options, key))) {
      const read = lineReader(piece);
      const lines: OutputLine[] = [];
      for (let from = 0, end = 0; from < piece.length; from = end + 1) {
        end = endOfLine(piece, from);
        number += 1;
        if (end === from) continue;
        const line = read(from, end);
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
