import { estimatedTokens, NO_USAGE, type RequestView, type ResponseView, type Usage } from '@costkit/core';
import { readResponse } from '@costkit/core/views';
import { estimateText } from '@costkit/tokens';

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
const BLOBS: ReadonlySet<string> = new Set(['bytes', 'redactedContent']);

/**
 * Makes of a result what the SDK would have read: absent members are explicitly null in files, and blobs are base64. In
 * place, as the line that it was read from is nobody else's.
 */
function toSdkOutput(value: unknown): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  if (Array.isArray(value)) {
    for (const member of value) toSdkOutput(member);
    return;
  }
  const members = value as Record<string, unknown>;
  for (const name in members) {
    if (FREE_JSON.has(name)) continue;
    const member = members[name];
    if (member === null) delete members[name];
    else if (typeof member === 'string') {
      if (BLOBS.has(name)) members[name] = new Uint8Array(Buffer.from(member, 'base64'));
    } else toSdkOutput(member);
  }
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
  if (view.dialect === 'converse') toSdkOutput(modelOutput);
  const output =
    view.dialect === 'converse'
      ? Object.assign(modelOutput, { $metadata: {} })
      : { body: sdkBody(modelOutput), contentType: 'application/json', $metadata: {} };
  const answer = readResponse(view, { output });
  return {
    output,
    usage: answer?.usage ?? estimate(view, answer),
    quality: answer?.usage === undefined ? 'estimated' : 'measured',
    stopReason: answer?.stopReason,
  };
}
