import { estimatedTokens, NO_USAGE, type RequestView, type ResponseView, type Usage } from '@costkit/core';
import { readResponse } from '@costkit/core/views';
import { estimateText } from '@costkit/tokens';
import { BLOBS } from './base64.js';

/** What a batch answered to one request, in the shape in which the SDK would have. */
export interface RecordAnswer {
  readonly output: object;
  readonly usage: Usage;
  /** `estimated` where the answer does not count: some formats leave that to headers, which a file has none of. */
  readonly quality: 'measured' | 'estimated';
  readonly stopReason: string | undefined;
}

type Json = Readonly<Record<string, unknown>>;

const decoder = new TextDecoder();

/** The SDK's bytes can say themselves as text; these must too. */
function sdkBody(body: unknown): Uint8Array {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return Object.defineProperty(bytes, 'transformToString', { value: () => decoder.decode(bytes) });
}

/** Members whose value is the model's or the caller's own JSON, in which null says something. */
const FREE_JSON: ReadonlySet<string> = new Set(['input', 'json', 'additionalModelResponseFields']);

/**
 * Makes of a result what the SDK would have read: absent members are explicitly null in files, and blobs are base64.
 * Objects without either stay the same, as the line that they were read from is nobody else's.
 */
function asSdkOutput(value: object): object {
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const member: unknown = value[index];
      if (typeof member === 'object' && member !== null) value[index] = asSdkOutput(member);
    }
    return value;
  }
  const members = value as Record<string, unknown>;
  let hasNull = false;
  for (const name in members) {
    const member = members[name];
    if (FREE_JSON.has(name)) continue;
    if (member === null) hasNull = true;
    else if (typeof member === 'object') members[name] = asSdkOutput(member);
    else if (typeof member === 'string' && BLOBS.has(name)) {
      members[name] = new Uint8Array(Buffer.from(member, 'base64'));
    }
  }
  if (!hasNull) return members;
  // To delete members would make a slow object of it.
  const present: Record<string, unknown> = {};
  for (const name in members) {
    if (members[name] !== null || FREE_JSON.has(name)) present[name] = members[name];
  }
  return present;
}

/** What was not counted is estimated, by the request and the text of the answer. */
function estimate(view: RequestView, answer: ResponseView | undefined): Usage {
  return {
    ...NO_USAGE,
    input: Math.ceil(estimatedTokens(view).total),
    output: Math.ceil(estimateText(answer?.text ?? '')),
  };
}

/** Turns the `modelOutput` of a record into what `send()` would have returned; the object becomes the answer. */
export function readRecord(view: RequestView, modelOutput: Json): RecordAnswer {
  const output =
    view.dialect === 'converse'
      ? Object.assign(asSdkOutput(modelOutput), { $metadata: {} })
      : { body: sdkBody(modelOutput), contentType: 'application/json', $metadata: {} };
  const answer = readResponse(view, { output });
  return {
    output,
    usage: answer?.usage ?? estimate(view, answer),
    quality: answer?.usage === undefined ? 'estimated' : 'measured',
    stopReason: answer?.stopReason,
  };
}
