import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isFunction, isText, type OptionChecks } from '@costkit/core';
import { check } from '../checks.js';
import { DistillationError } from './distillation-error.js';
import { examplesFromBatch } from './examples-from-batch.js';
import { examplesFromLines } from './examples-from-lines.js';
import { examplesFromLogs, type LogExamplesOptions } from './examples-from-logs.js';
import { linesOf } from './lines-of.js';
import type { TrainingExample } from './training-example.js';

type SourceKind = 'log' | 'batch' | 'lines';

const CHECKS: OptionChecks<LogExamplesOptions> = { teacher: isText, taskOf: isFunction };
const FILE = /\.jsonl?(\.gz|\.out)?$/;

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

function kindOf(record: unknown): SourceKind | undefined {
  if (!isObject(record)) return undefined;
  if ('modelInput' in record) return 'batch';
  if (record['schemaType'] === 'ModelInvocationLog' || ('modelId' in record && 'operation' in record))
    return 'log';
  const request = isObject(record['request']) ? record['request'] : record;
  return Array.isArray(request['messages']) ? 'lines' : undefined;
}

/** What a file holds, by its first line. */
async function sniff(path: string): Promise<SourceKind | undefined> {
  try {
    for await (const line of linesOf(path)) {
      if (line.trim() !== '') return kindOf(JSON.parse(line));
    }
  } catch {
    // Its reader says what is wrong with it, or nobody asks.
  }
  return undefined;
}

/**
 * Examples from whatever a file or folder holds, seen from the first line of each file: invocation logs
 * ({@link examplesFromLogs}), outputs of batch jobs, whose model then was the teacher ({@link examplesFromBatch}), or
 * examples ({@link examplesFromLines}). Other files of a folder are left out.
 *
 * @throws InvalidOptionError for an option that is unknown or wrong.
 * @throws DistillationError `COSTKIT_DISTILLATION_SOURCE_INVALID` for what cannot be read, or holds none of these.
 *
 * @example
 * ```ts
 * const data = await selectTrainingData(examplesFromSource('bedrock-logs', { teacher }), { teacher, student });
 * ```
 */
export async function* examplesFromSource(
  path: string,
  options: LogExamplesOptions = {},
): AsyncGenerator<TrainingExample> {
  check(options, CHECKS);
  const files = await filesOf(path);
  let isKnown = false;
  for (const file of files) {
    const kind = await sniff(file);
    if (kind === undefined) continue;
    isKnown = true;
    if (kind === 'log') yield* examplesFromLogs(file, options);
    else if (kind === 'batch') yield* examplesFromBatch(file);
    else yield* examplesFromLines(file);
  }
  if (isKnown) return;
  throw new DistillationError(
    'COSTKIT_DISTILLATION_SOURCE_INVALID',
    `"${path}" holds nothing that examples are made of. Give invocation logs, outputs of batch jobs (.jsonl.out), or JSON lines with messages`,
  );
}

async function filesOf(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = await readdir(path, { recursive: true });
    // Large bodies of a log stand beside its records, in folders of that name.
    const read = names.filter((name) => FILE.test(name) && !/(^|[\\/])data[\\/]/.test(name));
    return read.sort().map((name) => join(path, name));
  } catch (error) {
    throw new DistillationError(
      'COSTKIT_DISTILLATION_SOURCE_INVALID',
      `"${path}" cannot be read. Give a file or folder of logs, batch outputs or examples`,
      { cause: error },
    );
  }
}
