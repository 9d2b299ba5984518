import { resolveModel } from '@costkit/pricing';
import type { Body, DialectAdapter } from './dialects/dialect-adapter.js';
import { readConverseAnswer, withConverseAnswerText } from './dialects/nova.js';
import { readBody, writeBody } from './invoke-body.js';
import { InvokeView } from './invoke-view.js';
import { readWhole } from './reading.js';
import type { RequestView } from './request-view.js';
import type { ResponseView } from './response-view.js';
import type { HandlerResult } from './sdk.js';

/** Reads a whole response; `undefined` when no view knows its body. */
export function readResponse(request: RequestView, result: HandlerResult): ResponseView | undefined {
  const output = result.output as Body;
  const reading = readWhole(request, result, resolveModel(request.modelId)?.model);
  const service = {
    usage: reading.usage?.usage,
    tier: reading.tier,
    latencyMode: reading.latencyMode,
    invokedModelId: reading.invokedModelId,
  };
  if (request.dialect === 'converse') {
    const { text, toolUses, stopReason } = readConverseAnswer(output);
    return {
      ...service,
      text,
      toolUses,
      stopReason,
      withText: (other, reason) => withConverseAnswerText(output, other, reason),
    };
  }
  const body = readBody(output['body']);
  if (body === undefined || !(request instanceof InvokeView)) return undefined;
  return { ...service, ...invokeView(request.adapter, output, body) };
}

function invokeView(
  adapter: DialectAdapter,
  output: Body,
  body: Body,
): Pick<ResponseView, 'text' | 'toolUses' | 'stopReason' | 'withText'> {
  const { text, toolUses, stopReason } = adapter.readAnswer(body);
  return {
    text,
    toolUses,
    stopReason,
    withText: (other, reason) => {
      const edited = adapter.withAnswerText?.(body, other, reason);
      return edited === undefined ? output : { ...output, body: sdkBytes(writeBody(edited), output['body']) };
    },
  };
}

/** The SDK's byte array has `transformToString`; one made anew must have it too. */
function sdkBytes(bytes: Uint8Array, like: unknown): Uint8Array {
  const prototype: unknown = Object.getPrototypeOf(like);
  return prototype === Uint8Array.prototype || prototype === null
    ? bytes
    : (Object.setPrototypeOf(bytes, prototype as object) as Uint8Array);
}
