import { isFunction, isObject, isText, type OptionChecks, type RequestView } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { check, modelOf } from '../checks.js';
import { answerText } from './answer-text.js';
import { type BodyReader, bodyReader, isBody } from './log-bodies.js';
import { type Json, logRecords, objectOf } from './log-records.js';
import { openSource } from './open-source.js';
import { readAhead } from './s3-files.js';
import { isClient, type SendingClient } from './sending-client.js';
import { linesOf, type SourceFile } from './source-file.js';
import { exampleOfView, type TrainingExample, type Unsuitable } from './training-example.js';

/** A record of the invocation log, as far as tasks are told by it. */
export interface LoggedCall {
  /** Id or ARN that was called. */
  readonly modelId: string;
  readonly requestMetadata: Readonly<Record<string, string>>;
  /** Caller, where the log says it. */
  readonly identityArn: string | undefined;
}

/**
 * Why a record gives no example: the request is none, or its body is nowhere: the log was told to keep no texts, or the
 * file that holds it is not there.
 */
export type LeftOut = Unsuitable | 'noBody';

/** How {@link examplesFromLogs} reads. */
export interface LogExamplesOptions {
  /** Take the answers of this model for the teacher's; prompts of other models come without one. @defaultValue none's */
  readonly teacher?: string;
  /** The task of a call; `undefined` leaves it out. @defaultValue its metadata's `task`, else `"untagged"` */
  readonly taskOf?: (call: LoggedCall) => string | undefined;
  /** An `S3Client`, for sources at `s3://`, and for bodies that a log keeps there. @defaultValue none */
  readonly s3?: SendingClient;
  /** Models behind ARNs that do not name them. @defaultValue `{}` */
  readonly models?: Readonly<Record<string, string>>;
  /** Told of every record that gives no example, and why. */
  readonly onLeftOut?: (why: LeftOut) => void;
}

/** @internal */
export const LOG_CHECKS: OptionChecks<LogExamplesOptions> = {
  teacher: isText,
  taskOf: isFunction,
  s3: isClient,
  models: isObject,
  onLeftOut: isFunction,
};

/**
 * Examples from the service's invocation logs, which hold prompts and answers where text delivery is on: a file, a
 * folder, or a prefix in S3 (`s3://bucket/prefix`), gzipped or not, or an export of the log group of CloudWatch. Converse
 * and InvokeModel, whole or streamed, of every family whose bodies hold a conversation; bodies above 100 KB, which stand
 * beside the records, are found by their names. What is no conversation of text is left out, and so are answers that were
 * cut. Nothing is copied: texts exist in memory alone until you write them.
 *
 * @throws InvalidOptionError for an option that is unknown or wrong.
 * @throws DistillationError `COSTKIT_DISTILLATION_SOURCE_INVALID` for a path that cannot be read, and for a line that is
 * no JSON, with its file and number. Errors of the S3 client pass as they are.
 *
 * @example
 * ```ts
 * for await (const { task } of examplesFromLogs('bedrock-logs', { teacher: 'amazon.nova-pro-v1:0' })) console.log(task);
 * ```
 */
export async function* examplesFromLogs(
  path: string,
  options: LogExamplesOptions = {},
): AsyncGenerator<TrainingExample> {
  check(options, LOG_CHECKS);
  const files = await openSource(path, options.s3);
  const reader = logReader(files, options);
  for (const file of readAhead(files.filter((one) => !isBody(one)))) yield* reader(file, linesOf(file));
}

/** Reads files of a source that are logs. */
export type LogReader = (file: SourceFile, lines: AsyncIterable<string>) => AsyncGenerator<TrainingExample>;

/** Makes a reader of the logs among the files of a source, which may hold bodies of their records. */
export function logReader(files: readonly SourceFile[], options: LogExamplesOptions): LogReader {
  const { onLeftOut } = options;
  const read = recordReader(bodyReader(files, options.s3), options);
  return async function* examples(file, lines) {
    for await (const record of logRecords(file, lines)) {
      const found = await read(record);
      if (found === undefined) continue;
      if (typeof found === 'string') onLeftOut?.(found);
      else yield found;
    }
  };
}

type RecordReader = (record: Json) => Promise<TrainingExample | LeftOut | undefined>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function recordReader(bodyOf: BodyReader, options: LogExamplesOptions): RecordReader {
  const { taskOf = ({ requestMetadata }) => requestMetadata['task'] ?? 'untagged', models } = options;
  const isTeachers = teacherCheck(options);
  return async (record) => {
    const modelId = textOf(record['modelId']);
    const task = taskOf({
      modelId,
      requestMetadata: objectOf(record['requestMetadata']) as Record<string, string>,
      identityArn: objectOf(record['identity'])['arn'] as string | undefined,
    });
    if (task === undefined) return undefined;
    const body = await bodyOf(record, 'input');
    // A call that failed is logged without one.
    if (body === undefined) return record['errorCode'] === undefined ? 'noBody' : undefined;
    const request = viewOf(textOf(record['operation']), modelId, body, models);
    const answer =
      record['errorCode'] === undefined && isTeachers(modelId)
        ? answerText(request, await bodyOf(record, 'output'))
        : undefined;
    return exampleOfView(request, task, answer);
  };
}

const CONVERSE: ReadonlySet<string> = new Set(['Converse', 'ConverseStream']);

/** A logged request as costkit's views read it. */
export function viewOf(
  operation: string,
  modelId: string,
  body: unknown,
  models?: Readonly<Record<string, string>>,
): RequestView {
  return CONVERSE.has(operation)
    ? viewRequest('Converse', { ...objectOf(body), modelId })
    : viewRequest('InvokeModel', { modelId, body: JSON.stringify(body) }, models);
}

/** Whether an id names the teacher; ids come again and again. */
export function teacherCheck({
  teacher,
  models = {},
}: Pick<LogExamplesOptions, 'teacher' | 'models'>): (modelId: string) => boolean {
  const teacherId = teacher === undefined ? undefined : modelOf(teacher).model.id;
  const known = new Map<string, boolean>();
  return (modelId) => {
    let found = known.get(modelId);
    if (found === undefined) {
      found = teacherId !== undefined && isModel(models[modelId] ?? modelId, teacherId);
      known.set(modelId, found);
    }
    return found;
  };
}

function isModel(modelId: string, foundationId: string): boolean {
  try {
    return modelOf(modelId).model.id === foundationId;
  } catch {
    // Of another account's resources, or newer than the catalogue: not known to be the teacher.
    return false;
  }
}
