import type { HttpResponse } from '../contract.js';
import { invokeDialectOf } from '../dialects/invoke-dialects.js';
import { readRequestMetadata } from '../dialects/request-metadata.js';
import { invocationMetrics, tokenCountHeaders } from '../dialects/usage-members.js';
import { drain } from '../engine/inference-engine.js';
import type { JsonObject } from '../json.js';
import { validation } from '../wire/bedrock-fault.js';
import { eventFrame } from '../wire/event-stream.js';
import type { RuntimeCall } from './runtime-call.js';
import type { RuntimeParts } from './runtime-handler.js';
import { streamResponse } from './stream-response.js';

const LATENCY_HEADER = 'x-amzn-bedrock-performanceconfig-latency';
const TIER_HEADER = 'x-amzn-bedrock-service-tier';
const METADATA_HEADER = 'x-amzn-bedrock-request-metadata';

/** Answers InvokeModel and InvokeModelWithResponseStream. */
export async function invokeModel(call: RuntimeCall, parts: RuntimeParts): Promise<HttpResponse> {
  const { body, http, requestId } = call;
  const at = parts.clock.now();
  const served = parts.engine.serve(call.modelId, call.region);
  const { model } = served;
  const dialect = invokeDialectOf(model);
  const streamed = call.operation === 'InvokeModelWithResponseStream';
  if (streamed && (dialect.createChunkWriter === undefined || !model.capabilities.streaming)) {
    throw validation(
      'The model is unsupported for streaming. Try again with a model that supports streaming.',
    );
  }
  const prompt = dialect.readRequest(body, model);
  const requestMetadata = readRequestMetadata(parsedHeader(http.headers[METADATA_HEADER]));
  const inference = parts.engine.open(
    {
      requestId,
      operation: call.operation,
      modelId: call.modelId,
      region: call.region,
      signal: http.signal,
      ...(requestMetadata === undefined ? {} : { requestMetadata }),
      requestedMode: { tier: http.headers[TIER_HEADER], latency: http.headers[LATENCY_HEADER] },
    },
    served,
    prompt,
  );
  const chunks: JsonObject[] = [];
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
      inputBody: body,
      outputBody: streamed ? chunks : dialect.responseBody(inference.finished(), prompt),
      line,
    });
  };

  if (!streamed || dialect.createChunkWriter === undefined) {
    await drain(inference.events());
    settled(true);
    const finished = inference.finished();
    return {
      status: 200,
      headers: {
        'content-type': 'application/json',
        'x-amzn-bedrock-invocation-latency': String(finished.latencyMs),
        ...tokenCountHeaders(model, finished.usage),
        ...echoHeaders(http.headers),
      },
      body: JSON.stringify(dialect.responseBody(finished, prompt)),
    };
  }
  const writer = dialect.createChunkWriter({ requestId, model, prompt, finished: inference.finished });
  const frame = (chunk: JsonObject): Uint8Array => {
    chunks.push(chunk);
    return eventFrame('chunk', { bytes: Buffer.from(JSON.stringify(chunk), 'utf8').toString('base64') });
  };
  const end = (): Uint8Array[] => {
    const finished = inference.finished();
    const metrics = invocationMetrics(model, finished.usage, {
      totalMs: finished.latencyMs,
      firstByteMs: finished.firstByteMs,
    });
    return writer.end(finished, metrics).map(frame);
  };
  return streamResponse(
    inference,
    { start: () => writer.start().map(frame), event: (event) => writer.event(event).map(frame), end },
    call,
    parts,
    { 'x-amzn-bedrock-content-type': 'application/json', ...echoHeaders(http.headers) },
    settled,
  );
}

/** Tier and latency are repeated where they were asked for. */
function echoHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const echoed: Record<string, string> = {};
  for (const name of [TIER_HEADER, LATENCY_HEADER]) {
    const value = headers[name];
    if (value !== undefined) echoed[name] = value;
  }
  return echoed;
}

function parsedHeader(header: string | undefined): unknown {
  if (header === undefined) return undefined;
  try {
    return JSON.parse(header);
  } catch {
    throw validation(
      "1 validation error detected: Value at 'requestMetadata' failed to satisfy constraint: Member must be valid JSON",
    );
  }
}
