import { createHash } from 'node:crypto';
import { isObject, type JsonObject } from '../json.js';
import { JobFailure } from './job-failure.js';
import type { JsonlLine } from './jsonl-lines.js';

/** One record of an input file. */
export interface BatchRecord {
  readonly recordId: string;
  readonly modelInput: JsonObject;
}

const GENERATED_ID_LENGTH = 11;

/**
 * Reads one line of an input file. A record without an id gets one of eleven letters and digits, as the ids of
 * the user guide look; how the service makes them is not known (assumed).
 * @throws JobFailure that says what is wrong with the line
 */
export const readRecord = (line: JsonlLine, fileName: string, jobId: string): BatchRecord => {
  const where = `Line ${line.number} of ${fileName}`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(line.text);
  } catch {
    throw new JobFailure(`${where} is not valid JSON. Each line must be one JSON object.`);
  }
  if (!isObject(parsed)) throw new JobFailure(`${where} is not a JSON object.`);
  const { recordId, modelInput } = parsed;
  if (!isObject(modelInput)) throw new JobFailure(`${where} has no modelInput object.`);
  if (recordId !== undefined && recordId !== null && typeof recordId !== 'string') {
    throw new JobFailure(`${where} has a recordId that is not a string.`);
  }
  return { recordId: recordId || generatedId(`${jobId}/${fileName}/${line.number}`), modelInput };
};

const generatedId = (seed: string): string =>
  BigInt(`0x${createHash('sha256').update(seed).digest('hex')}`)
    .toString(36)
    .toUpperCase()
    .slice(-GENERATED_ID_LENGTH);
