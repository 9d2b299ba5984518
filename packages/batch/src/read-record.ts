import { NO_USAGE, type RequestView } from '@costkit/core';
import { readResponse } from '@costkit/core/views';
import type { Usage } from '@costkit/pricing';

/** What a batch answered to one request, in the shape in which the SDK would have. */
export interface RecordAnswer {
  readonly output: object;
  readonly usage: Usage;
  readonly stopReason: string | undefined;
}

const decoder = new TextDecoder();

/** The SDK's bytes can say themselves as text; these must too. */
function sdkBody(body: unknown): Uint8Array {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return Object.defineProperty(bytes, 'transformToString', { value: () => decoder.decode(bytes) });
}

/** Turns the `modelOutput` of a record into what `send()` would have returned. */
export function readRecord(view: RequestView, modelOutput: Readonly<Record<string, unknown>>): RecordAnswer {
  const output =
    view.dialect === 'converse'
      ? { ...modelOutput, $metadata: {} }
      : { body: sdkBody(modelOutput), contentType: 'application/json', $metadata: {} };
  const answer = readResponse(view, { output });
  return { output, usage: answer?.usage ?? NO_USAGE, stopReason: answer?.stopReason };
}
