import type { HttpResponse } from '../contract.js';
import { invokeDialectOf } from '../dialects/invoke-dialects.js';
import { readRequestMetadata } from '../dialects/request-metadata.js';
import { invocationMetrics, tokenCountHeaders } from '../dialects/usage-members.js';
import type { InferenceCall } from '../engine/engine-parts.js';
import { type AskedGuardrail, invokeTrace } from '../engine/guardrail.js';
import { drain } from '../engine/open-inference.js';
import type { ServedModel } from '../engine/resolve-model.js';
import type { JsonObject } from '../json.js';
import type { BillLine } from '../money/ledger.js';
import { type BedrockFault, validation } from '../wire/bedrock-fault.js';
import { eventFrame } from '../wire/event-stream.js';
import type { Invocation } from './invocation.js';
import type { RuntimeCall } from './runtime-call.js';
import type { RuntimeParts } from './runtime-handler.js';
import { streamResponse } from './stream-response.js';

const LATENCY_HEADER = 'x-amzn-bedrock-performanceconfig-latency';
const TIER_HEADER = 'x-amzn-bedrock-service-tier';
const GUARDRAIL_HEADER = 'x-amzn-bedrock-guardrailidentifier';
const TRACE_HEADER = 'x-amzn-bedrock-trace';
const METADATA_HEADER = 'x-amzn-bedrock-request-metadata';

/** Answers InvokeModel and InvokeModelWithResponseStream. */
export async function invokeModel(call: RuntimeCall, parts: RuntimeParts): Promise<HttpResponse> {
  const served = parts.engine.serve(call.modelId, call.region, call.body);
  const requestMetadata = readRequestMetadata(parsedHeader(call.http.headers[METADATA_HEADER]));
  const opened: OpenedCall = {
    at: parts.clock.now(),
    served,
    call: {
      requestId: call.requestId,
      operation: call.operation,
      modelId: call.modelId,
      region: call.region,
      signal: call.http.signal,
      streamed: call.operation !== 'InvokeModel',
      guardrail: guardrailOf(call.http.headers),
      ...(requestMetadata === undefined ? {} : { requestMetadata }),
      requestedMode: { tier: call.http.headers[TIER_HEADER], latency: call.http.headers[LATENCY_HEADER] },
    },
  };
  if (served.model.kind === 'embedding') return embed(call, parts, opened);
  if (served.model.kind === 'rerank') return rerank(call, parts, opened);
  return call.operation === 'InvokeModel'
    ? answerWhole(call, parts, opened)
    : answerStreamed(call, parts, opened);
}

interface OpenedCall {
  readonly at: number;
  readonly served: ServedModel;
  readonly call: InferenceCall;
}

function embed(call: RuntimeCall, parts: RuntimeParts, opened: OpenedCall): HttpResponse {
  if (call.operation !== 'InvokeModel') throw streamingUnsupported();
  const { body, line, usage } = parts.engine.embed(opened.call, opened.served, call.body);
  parts.onInvocation(invocationOf(call, opened, line, body));
  return jsonResponse(call, body, {
    'x-amzn-bedrock-invocation-latency': String(parts.clock.now() - opened.at),
    ...tokenCountHeaders(opened.served.model, usage),
  });
}

function rerank(call: RuntimeCall, parts: RuntimeParts, opened: OpenedCall): HttpResponse {
  if (call.operation !== 'InvokeModel') throw streamingUnsupported();
  const { body, line } = parts.engine.rerank(opened.call, opened.served, call.body);
  parts.onInvocation(invocationOf(call, opened, line, body));
  // Recorded exchanges have the latency header alone.
  return jsonResponse(call, body, {
    'x-amzn-bedrock-invocation-latency': String(parts.clock.now() - opened.at),
  });
}

async function answerWhole(
  call: RuntimeCall,
  parts: RuntimeParts,
  opened: OpenedCall,
): Promise<HttpResponse> {
  const { model } = opened.served;
  const dialect = invokeDialectOf(model, call.body);
  const prompt = dialect.readRequest(call.body, model);
  const inference = parts.engine.open(opened.call, opened.served, prompt);
  await drain(inference.events());
  const line = inference.settle(true);
  const finished = inference.finished();
  const body = { ...dialect.responseBody(finished, prompt), ...invokeTrace(finished.guardrail) };
  parts.onInvocation(invocationOf(call, opened, line, body));
  return jsonResponse(call, body, {
    'x-amzn-bedrock-invocation-latency': String(finished.latencyMs),
    ...tokenCountHeaders(model, finished.usage),
  });
}

async function answerStreamed(
  call: RuntimeCall,
  parts: RuntimeParts,
  opened: OpenedCall,
): Promise<HttpResponse> {
  const { model } = opened.served;
  const dialect = invokeDialectOf(model, call.body);
  if (!model.capabilities.streaming) throw streamingUnsupported();
  const prompt = dialect.readRequest(call.body, model);
  const inference = parts.engine.open(opened.call, opened.served, prompt);
  const { requestId } = call;
  const writer = dialect.createChunkWriter({ requestId, model, prompt, finished: inference.finished });
  const chunks: JsonObject[] = [];
  const frame = (chunk: JsonObject): Uint8Array => {
    chunks.push(chunk);
    return eventFrame('chunk', { bytes: Buffer.from(JSON.stringify(chunk), 'utf8').toString('base64') });
  };
  const end = (): Uint8Array[] => {
    const finished = inference.finished();
    const latency = { totalMs: finished.latencyMs, firstByteMs: finished.firstByteMs };
    const chunks = writer.end(finished, invocationMetrics(model, finished.usage, latency));
    const last = chunks.length - 1;
    return chunks.map((chunk, index) =>
      frame(index === last ? { ...chunk, ...invokeTrace(finished.guardrail) } : chunk),
    );
  };
  return streamResponse(
    inference,
    { start: () => writer.start().map(frame), event: (event) => writer.event(event).map(frame), end },
    call,
    parts,
    { 'x-amzn-bedrock-content-type': 'application/json', ...echoHeaders(call.http.headers) },
    (complete) => parts.onInvocation(invocationOf(call, opened, inference.settle(complete), chunks)),
  );
}

function invocationOf(
  call: RuntimeCall,
  opened: OpenedCall,
  line: BillLine,
  outputBody: JsonObject | readonly JsonObject[],
): Invocation {
  const { requestMetadata } = opened.call;
  return {
    requestId: call.requestId,
    at: opened.at,
    operation: call.operation,
    modelId: call.modelId,
    region: call.region,
    callerArn: call.callerArn,
    ...(requestMetadata === undefined ? {} : { requestMetadata }),
    inputBody: call.body,
    outputBody,
    reportsCache: opened.served.model.capabilities.cache !== undefined,
    isEmbedding: opened.served.model.kind === 'embedding',
    line,
  };
}

function jsonResponse(
  call: RuntimeCall,
  body: JsonObject,
  headers: Readonly<Record<string, string>>,
): HttpResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', ...headers, ...echoHeaders(call.http.headers) },
    body: JSON.stringify(body),
  };
}

function streamingUnsupported(): BedrockFault {
  return validation(
    'The model is unsupported for streaming. Try again with a model that supports streaming.',
  );
}

function guardrailOf(headers: Readonly<Record<string, string>>): AskedGuardrail | undefined {
  const id = headers[GUARDRAIL_HEADER];
  return id === undefined ? undefined : { id, trace: headers[TRACE_HEADER]?.startsWith('ENABLED') === true };
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
