import type { InferenceResult } from '../contract.js';
import { arrayOf, isObject, type JsonObject } from '../json.js';
import type { BatchRecord } from './batch-record.js';

/** What became of a record. */
export type RecordResult =
  | { readonly ok: true; readonly body: JsonObject }
  | { readonly ok: false; readonly errorCode: number; readonly errorMessage: string };

/** Members of Converse's content block, which a batch result spells out. */
const CONTENT_BLOCK_MEMBERS = [
  'text',
  'image',
  'document',
  'video',
  'audio',
  'toolUse',
  'toolResult',
  'guardContent',
  'cachePoint',
  'reasoningContent',
  'citationsContent',
  'searchResult',
] as const;

/** The result of an inference as a record's. */
export const recordResult = (result: InferenceResult): RecordResult =>
  result.ok
    ? { ok: true, body: result.body }
    : { ok: false, errorCode: result.status, errorMessage: result.message };

/**
 * A line of an output file, without its line break. Content blocks of a Converse record carry every member of
 * their union, the unset ones as `null`: seen in real result files (third-party), and what breaks readers.
 */
export const resultLine = (
  { recordId, modelInput }: BatchRecord,
  result: RecordResult,
  type: 'InvokeModel' | 'Converse',
): string => {
  if (!result.ok) {
    const { errorCode, errorMessage } = result;
    return JSON.stringify({ recordId, modelInput, error: { errorCode, errorMessage } });
  }
  const modelOutput = type === 'Converse' ? withNullMembers(result.body) : result.body;
  return JSON.stringify({ recordId, modelInput, modelOutput });
};

const withNullMembers = (body: JsonObject): JsonObject => {
  const output = body['output'];
  const message = isObject(output) ? output['message'] : undefined;
  if (!isObject(output) || !isObject(message)) return body;
  const content = arrayOf(message['content']).map((block) => ({
    ...Object.fromEntries(CONTENT_BLOCK_MEMBERS.map((member) => [member, null])),
    ...(isObject(block) ? block : {}),
  }));
  return { ...body, output: { ...output, message: { ...message, content } } };
};
