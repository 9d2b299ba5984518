import { DistillationError } from './distillation-error.js';
import { isS3Uri } from './s3-files.js';
import type { SourceFile } from './source-file.js';

/** A parsed JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** `{}` for what is none. */
export const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

/** A line of a log group that CloudWatch has exported: a time, and the record. */
const TIMED = /^\d{4}-\d\d-\d\dT[\d:.]+Z\s+(?=\{)/;
/** What `aws logs filter-log-events` and `get-log-events` print is one document, over many lines. */
const EVENTS = /^\{\s*"(events|searchedLogStreams|nextForwardToken|nextToken)"/;

/** Whether the beginning of a file is that of a document of log events. */
export const isEventsDocument = (firstLine: string): boolean => EVENTS.test(firstLine.trim());

/** A record's JSON, without the time that CloudWatch puts in front. */
export const recordText = (line: string): string => line.replace(/^\uFEFF/, '').replace(TIMED, '');

/**
 * The records of a file of the invocation log: a line each, as S3 has them, with a time in front, as CloudWatch exports
 * them, or the messages of a document of log events.
 *
 * @param lines - All lines of the file.
 * @throws DistillationError `COSTKIT_DISTILLATION_SOURCE_INVALID` for a line that is no JSON, with its number.
 */
export async function* logRecords(file: SourceFile, lines: AsyncIterable<string>): AsyncGenerator<Json> {
  let number = 0;
  let isFirst = true;
  const document: string[] = [];
  for await (const line of readable(file, lines, () => number + 1)) {
    number += 1;
    if (line.trim() === '') continue;
    if (document.length > 0 || (isFirst && (line.trim() === '{' || isEventsDocument(line))))
      document.push(line);
    else yield parsed(recordText(line), file, `line ${number}`);
    isFirst = false;
  }
  if (document.length === 0) return;
  const { events } = parsed(document.join('\n'), file, 'the document');
  for (const [index, event] of (Array.isArray(events) ? (events as unknown[]) : []).entries()) {
    yield parsed(String(objectOf(event)['message']), file, `message ${index + 1}`);
  }
}

/** What goes wrong while a file is read, in our own words; errors of the SDK pass as they are. */
export async function* readable(
  { name }: SourceFile,
  lines: AsyncIterable<string>,
  lineNumber: () => number,
): AsyncGenerator<string> {
  try {
    yield* lines;
  } catch (cause) {
    if (cause instanceof DistillationError || (isS3Uri(name) && !isPacking(cause))) throw cause;
    throw new DistillationError(
      'COSTKIT_DISTILLATION_SOURCE_INVALID',
      `"${name}" cannot be read from line ${lineNumber()} on. Give the file as the service wrote it`,
      { cause },
    );
  }
}

/** What zlib complains about; the rest that happens in S3 is the SDK's. */
const isPacking = (cause: unknown): boolean => String((cause as NodeJS.ErrnoException).code).startsWith('Z_');

function parsed(text: string, { name }: SourceFile, place: string): Json {
  try {
    return objectOf(JSON.parse(text));
  } catch (cause) {
    throw new DistillationError(
      'COSTKIT_DISTILLATION_SOURCE_INVALID',
      `${place} of "${name}" cannot be read. Give invocation logs as the service wrote them: a JSON document a line`,
      { cause },
    );
  }
}
