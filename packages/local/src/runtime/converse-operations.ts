import type { HttpResponse } from '../contract.js';
import { readConverseRequest } from '../dialects/converse-request.js';
import {
  type ConverseEcho,
  type ConverseEvent,
  converseBody,
  createConverseEventWriter,
  MESSAGE_START,
  metadataEvent,
} from '../dialects/converse-response.js';
import { readRequestMetadata } from '../dialects/request-metadata.js';
import type { AskedGuardrail } from '../engine/guardrail.js';
import { drain } from '../engine/open-inference.js';
import { type JsonObject, objectOf } from '../json.js';
import { validation } from '../wire/bedrock-fault.js';
import { eventFrame } from '../wire/event-stream.js';
import type { RuntimeCall } from './runtime-call.js';
import type { RuntimeParts } from './runtime-handler.js';
import { expandStoredPrompt } from './stored-prompts.js';
import { streamResponse } from './stream-response.js';

/** Answers Converse and ConverseStream. */
export async function converse(call: RuntimeCall, parts: RuntimeParts): Promise<HttpResponse> {
  const { http, requestId } = call;
  const at = parts.clock.now();
  const stored = Object.hasOwn(parts.prompts, call.modelId) ? parts.prompts[call.modelId] : undefined;
  const body = stored === undefined ? call.body : expandStoredPrompt(stored, call.body);
  const served = parts.engine.serve(stored?.modelId ?? call.modelId, call.region, body);
  const streamed = call.operation === 'ConverseStream';
  const prompt = readConverseRequest(body, served.model);
  if (streamed && !served.model.capabilities.streaming) {
    throw validation(
      'The model is unsupported for streaming. Try again with a model that supports streaming.',
    );
  }
  if (streamed && prompt.tools.length > 0 && served.model.refuses?.includes('streamedTools') === true) {
    throw validation("This model doesn't support tool use in streaming mode.");
  }
  const requestMetadata = readRequestMetadata(body['requestMetadata']);
  const echo: ConverseEcho = {
    serviceTier: body['serviceTier'],
    performanceConfig: body['performanceConfig'],
    ...(served.routedTo === undefined
      ? {}
      : { trace: { promptRouter: { invokedModelId: served.routedTo } } }),
  };
  const inference = parts.engine.open(
    {
      requestId,
      operation: call.operation,
      modelId: call.modelId,
      region: call.region,
      signal: http.signal,
      streamed,
      guardrail: guardrailOf(objectOf(body['guardrailConfig'])),
      ...(requestMetadata === undefined ? {} : { requestMetadata }),
      requestedMode: {
        tier: objectOf(body['serviceTier'])['type'],
        latency: objectOf(body['performanceConfig'])['latency'],
      },
    },
    served,
    prompt,
  );
  const settled = (complete: boolean): void => {
    const line = inference.settle(complete);
    parts.onInvocation({
      requestId,
      at,
      operation: call.operation,
      modelId: call.modelId,
      region: call.region,
      callerArn: call.callerArn,
      ...(requestMetadata === undefined ? {} : { requestMetadata }),
      inputBody: call.body,
      outputBody: converseBody(inference.finished(), echo),
      reportsCache: served.model.capabilities.cache !== undefined,
      line,
    });
  };

  if (!streamed) {
    await drain(inference.events());
    settled(true);
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(converseBody(inference.finished(), echo)),
    };
  }
  const write = createConverseEventWriter(requestId);
  const frame = (event: ConverseEvent): Uint8Array => eventFrame(event.type, event.payload);
  return streamResponse(
    inference,
    {
      start: () => [frame(MESSAGE_START)],
      event: (event) => write(event).map(frame),
      end: () => [frame(metadataEvent(inference.finished(), echo))],
    },
    call,
    parts,
    {},
    settled,
  );
}

function guardrailOf({ guardrailIdentifier: id, trace }: JsonObject): AskedGuardrail | undefined {
  return typeof id === 'string' ? { id, trace: trace === 'enabled' || trace === 'enabled_full' } : undefined;
}
