import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isFunction, isText, type OptionChecks } from '@costkit/core';
import { check, modelOf } from '../checks.js';
import { DistillationError } from './distillation-error.js';
import { linesOf } from './lines-of.js';
import { exampleOf, isUnsuitable, type TrainingExample } from './training-example.js';

/** A record of the invocation log, as far as tasks are told by it. */
export interface LoggedCall {
  /** Id or ARN that was called. */
  readonly modelId: string;
  readonly requestMetadata: Readonly<Record<string, string>>;
  /** Caller, where the log says it. */
  readonly identityArn: string | undefined;
}

/** How {@link examplesFromLogs} reads. */
export interface LogExamplesOptions {
  /** Take the answers of this model for the teacher's; prompts of other models come without one. @defaultValue none's */
  readonly teacher?: string;
  /** The task of a call; `undefined` leaves it out. @defaultValue its metadata's `task`, else `"untagged"` */
  readonly taskOf?: (call: LoggedCall) => string | undefined;
}

const CHECKS: OptionChecks<LogExamplesOptions> = { teacher: isText, taskOf: isFunction };
const LOG_FILE = /\.jsonl?(\.gz)?$/;

type Json = Readonly<Record<string, unknown>>;
const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Examples from the service's invocation logs, which hold prompts and answers where text delivery is on: a file, or a
 * folder that was copied from S3, gzipped or not. Only calls whose bodies stand in the record are read: Converse, and
 * InvokeModel of models that take the same messages, such as Nova; what is no conversation of text is left out. Nothing is copied: texts exist in memory alone until you write them.
 *
 * @throws InvalidOptionError for an option that is unknown or wrong.
 * @throws DistillationError `COSTKIT_DISTILLATION_SOURCE_INVALID` for a path that cannot be read, and for a line that is
 * no JSON, with its file and number.
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
  check(options, CHECKS);
  const teacherId = options.teacher === undefined ? undefined : modelOf(options.teacher).model.id;
  const { taskOf = ({ requestMetadata }) => requestMetadata['task'] ?? 'untagged' } = options;
  const isTeachers = teacherCheck(teacherId);
  for await (const record of records(path)) {
    const { operation, modelId, identity, input, output, requestMetadata } = record;
    const request = objectOf(objectOf(input)['inputBodyJson']);
    if (!CONVERSE.has(textOf(operation)) && !isAlike(request)) continue;
    const task = taskOf({
      modelId: textOf(modelId),
      requestMetadata: objectOf(requestMetadata) as Record<string, string>,
      identityArn: objectOf(identity)['arn'] as string | undefined,
    });
    if (task === undefined) continue;
    const answer = isTeachers(textOf(modelId)) ? answerOf(objectOf(output)['outputBodyJson']) : undefined;
    const example = exampleOf(request, task, answer);
    if (!isUnsuitable(example)) yield example;
  }
}

const CONVERSE: ReadonlySet<string> = new Set(['Converse', 'ConverseStream']);

/** Whether a body of InvokeModel has its texts where Converse has them: others' system prompts would be lost. */
function isAlike({ messages, system = [] }: Json): boolean {
  return (
    Array.isArray(system) &&
    Array.isArray(messages) &&
    messages.every((message) => {
      const { content } = objectOf(message);
      return Array.isArray(content) && content.every((block) => !('type' in objectOf(block)));
    })
  );
}

/** Whether an id names the teacher; ids come again and again. */
function teacherCheck(teacherId: string | undefined): (modelId: string) => boolean {
  const known = new Map<string, boolean>();
  return (modelId) => {
    let found = known.get(modelId);
    if (found === undefined) {
      found = teacherId !== undefined && isModel(modelId, teacherId);
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

/** The text of a whole answer, or of the events of a stream. */
function answerOf(body: unknown): string | undefined {
  if (Array.isArray(body)) {
    const texts = body.map((event) =>
      textOf(objectOf(objectOf(objectOf(event)['contentBlockDelta'])['delta'])['text']),
    );
    return texts.join('');
  }
  const content = objectOf(objectOf(objectOf(body)['output'])['message'])['content'];
  return Array.isArray(content)
    ? content.map((block) => textOf(objectOf(block)['text'])).join('')
    : undefined;
}

async function* records(path: string): AsyncGenerator<Json> {
  for await (const file of files(path)) {
    let number = 0;
    try {
      for await (const line of linesOf(file)) {
        number += 1;
        if (line.trim() !== '') yield objectOf(JSON.parse(line));
      }
    } catch (error) {
      throw new DistillationError(
        'COSTKIT_DISTILLATION_SOURCE_INVALID',
        `line ${number} of "${file}" cannot be read. Give invocation logs as the service wrote them: a JSON document a line`,
        { cause: error },
      );
    }
  }
}

async function* files(path: string): AsyncGenerator<string> {
  try {
    if (!(await stat(path)).isDirectory()) {
      yield path;
      return;
    }
    const names = await readdir(path, { recursive: true });
    // Large bodies stand beside the records, in folders of that name.
    const logs = names.filter((name) => LOG_FILE.test(name) && !/(^|[\\/])data[\\/]/.test(name));
    yield* logs.sort().map((name) => join(path, name));
  } catch (error) {
    throw new DistillationError(
      'COSTKIT_DISTILLATION_SOURCE_INVALID',
      `"${path}" cannot be read. Give a file or folder of invocation logs`,
      { cause: error },
    );
  }
}
