import { resolveModel } from '@costkit/pricing';
import type { Body } from './dialects/dialect-adapter.js';
import { withConverseAnswerText } from './dialects/nova.js';
import { readBody, writeBody } from './invoke-body.js';
import { InvokeView } from './invoke-view.js';
import { type Reading, readWhole } from './reading.js';
import type { RequestView } from './request-view.js';
import type { ResponseView } from './response-view.js';
import type { HandlerResult } from './sdk.js';

/** Reads a whole response; `undefined` when no view knows its body. */
export function readResponse(request: RequestView, result: HandlerResult): ResponseView | undefined {
  return responseView(request, result, readWhole(request, result, resolveModel(request.modelId)?.model));
}

/** A response that was read already. */
export function responseView(
  request: RequestView,
  { output }: HandlerResult,
  { text, toolUses, stopReason, usage, tier, latencyMode, invokedModelId }: Reading,
): ResponseView | undefined {
  if (toolUses === undefined) return undefined;
  return {
    text,
    toolUses,
    stopReason,
    usage: usage?.usage,
    tier,
    latencyMode,
    invokedModelId,
    withText: (other, reason) => withAnswerText(request, output as Body, other, reason),
  };
}

function withAnswerText(request: RequestView, output: Body, text: string, stopReason: string): object {
  if (!(request instanceof InvokeView)) return withConverseAnswerText(output, text, stopReason);
  const body = readBody(output['body']);
  const edited = body === undefined ? undefined : request.adapter.withAnswerText?.(body, text, stopReason);
  return edited === undefined ? output : { ...output, body: sdkBytes(writeBody(edited), output['body']) };
}

/** The SDK's byte array has `transformToString`; one made anew must have it too. */
function sdkBytes(bytes: Uint8Array, like: unknown): Uint8Array {
  const prototype: unknown = Object.getPrototypeOf(like);
  return prototype === Uint8Array.prototype || prototype === null
    ? bytes
    : (Object.setPrototypeOf(bytes, prototype as object) as Uint8Array);
}
