import { Buffer } from 'node:buffer';
import type { RequestView } from '@costkit/core';
import { BatchError } from './errors.js';

/** Members of a Converse input that a batch record does not take; they say nothing about the answer. */
const DROPPED = ['modelId', 'serviceTier', 'performanceConfig', 'requestMetadata'] as const;

/** A line of the input file, and what had to be taken out of it. */
export interface WrittenRecord {
  readonly recordId: string;
  /** JSON with a line break behind it. */
  readonly line: string;
  /** Cache points that were removed: batch inference has no prompt cache. */
  readonly removedCachePoints: number;
}

/** Why a request cannot be a batch record, or `undefined` (Bedrock user guide, batch inference). */
export function refusalOf(view: RequestView): string | undefined {
  if (view.streaming) return 'a batch job does not stream';
  if (view.dialect === 'unknown') return 'its body is of no known format';
  if (view.features.tools) return 'batch inference does not support tools';
  if (view.features.structuredOutput) return 'batch inference does not support structured output';
  if (view.features.guardrail) return 'batch inference does not support guardrails';
  return view.blocks.some((block) => block.section === 'messages') ? undefined : 'it has no messages';
}

/** Blobs are base64 in JSON; the SDK does that on the wire, a file needs it too. */
function wire(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(wire);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, wire(member)]));
}

/**
 * Writes one record.
 *
 * @throws {@link BatchError} `COSTKIT_BATCH_RECORD_INVALID` when batch inference cannot answer it.
 */
export function writeRecord(recordId: string, view: RequestView): WrittenRecord {
  const refusal = recordId === '' ? 'it needs an id' : refusalOf(view);
  if (refusal !== undefined) {
    throw new BatchError(
      'COSTKIT_BATCH_RECORD_INVALID',
      `record "${recordId}" cannot be sent: ${refusal}. Send it on demand`,
    );
  }
  const plain = view.withCachePoints([]).input as Readonly<Record<string, unknown>>;
  return {
    recordId,
    line: `${JSON.stringify({ recordId, modelInput: modelInputOf(view, plain) })}\n`,
    removedCachePoints: view.cachePoints.length,
  };
}

function modelInputOf(view: RequestView, input: Readonly<Record<string, unknown>>): unknown {
  if (view.dialect !== 'converse') return JSON.parse(textOf(input['body']));
  const modelInput = { ...input };
  for (const member of DROPPED) delete modelInput[member];
  return wire(modelInput);
}

const textOf = (body: unknown): string =>
  typeof body === 'string' ? body : Buffer.from(body as Uint8Array).toString('utf8');
