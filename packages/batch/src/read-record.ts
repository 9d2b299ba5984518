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

/** A result as the SDK would have read it: absent members are explicitly null in files, and blobs are base64. */
function asSdkOutput(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asSdkOutput);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      if (FREE_JSON.has(name)) return [[name, member]];
      if (member === null) return [];
      const isBlob = BLOBS.has(name) && typeof member === 'string';
      return [[name, isBlob ? new Uint8Array(Buffer.from(member, 'base64')) : asSdkOutput(member)]];
    }),
  );
}

/** What was not counted is estimated, by the request and the text of the answer. */
function estimate(view: RequestView, answer: ResponseView | undefined): Usage {
  return {
    ...NO_USAGE,
    input: Math.ceil(estimatedTokens(view).total),
    output: Math.ceil(estimateText(answer?.text ?? '')),
  };
}

/** Turns the `modelOutput` of a record into what `send()` would have returned. */
export function readRecord(view: RequestView, modelOutput: Json): RecordAnswer {
  const output =
    view.dialect === 'converse'
      ? { ...(asSdkOutput(modelOutput) as Json), $metadata: {} }
      : { body: sdkBody(modelOutput), contentType: 'application/json', $metadata: {} };
  const answer = readResponse(view, { output });
  return {
    output,
    usage: answer?.usage ?? estimate(view, answer),
    quality: answer?.usage === undefined ? 'estimated' : 'measured',
    stopReason: answer?.stopReason,
  };
}
