import type { JsonObject } from '../json.js';
import type { BillLine } from '../money/ledger.js';

/** A finished inference call, as the invocation log tells it. */
export interface Invocation {
  readonly requestId: string;
  /** Milliseconds since the epoch at which it came. */
  readonly at: number;
  readonly operation: string;
  readonly modelId: string;
  readonly region: string;
  readonly callerArn: string;
  readonly requestMetadata?: Readonly<Record<string, string>>;
  readonly inputBody: JsonObject;
  /** The response body; for InvokeModelWithResponseStream its chunks. */
  readonly outputBody?: JsonObject | readonly JsonObject[];
  /** Whether the model caches prompts, so that cache counts are told also when they are 0. */
  readonly reportsCache?: boolean;
  readonly isEmbedding?: boolean;
  /** Set when the call failed. */
  readonly errorCode?: string;
  /** Absent when the call failed before anything was billed. */
  readonly line?: BillLine;
}

/** Takes invocations as they finish. */
export type InvocationListener = (invocation: Invocation) => void;
