import type { HttpRequest, HttpResponse, LocalClock } from '../contract.js';
import type { RuntimeEngine } from '../engine/inference-engine.js';
import { isObject, type JsonObject } from '../json.js';
import type { TroubleScript } from '../trouble/trouble.js';
import { meetTrouble } from '../trouble/troubled-frames.js';
import { BedrockFault, validation } from '../wire/bedrock-fault.js';
import type { OpenRequestRecord } from '../wire/request-book.js';
import { converse } from './converse-operations.js';
import { countTokens } from './count-tokens.js';
import type { InvocationListener } from './invocation.js';
import { invokeModel } from './invoke-operations.js';
import type { RuntimeCall } from './runtime-call.js';
import type { StoredPrompt } from './stored-prompts.js';

const ROUTE =
  /^\/model\/([^/]+)\/(converse|converse-stream|invoke|invoke-with-response-stream|count-tokens)$/;
const OPERATIONS: Readonly<Record<string, string>> = {
  converse: 'Converse',
  'converse-stream': 'ConverseStream',
  invoke: 'InvokeModel',
  'invoke-with-response-stream': 'InvokeModelWithResponseStream',
  'count-tokens': 'CountTokens',
};
/** Largest request body (service model: 25,000,000 bytes). */
const MOST_BODY_BYTES = 25_000_000;

/** What the runtime routes are made of. */
export interface RuntimeParts {
  readonly engine: RuntimeEngine;
  readonly clock: LocalClock;
  readonly trouble: TroubleScript;
  /** Prompts of Prompt management, by ARN. */
  readonly prompts: Readonly<Record<string, StoredPrompt>>;
  /** Time between two frames of a stream on the clock. */
  readonly frameIntervalMs: number;
  readonly onInvocation: InvocationListener;
}

/** What the server knows of a request besides its bytes. */
interface RuntimeRequest {
  readonly http: HttpRequest;
  readonly requestId: string;
  readonly region: string;
  readonly callerArn: string;
  readonly record: OpenRequestRecord;
}

/** Answers the operations of Bedrock Runtime; `undefined` for other paths. */
export type RuntimeHandler = (request: RuntimeRequest) => Promise<HttpResponse | undefined>;

/** Makes the handler of `/model/{modelId}/…`. */
export function createRuntimeHandler(parts: RuntimeParts): RuntimeHandler {
  return async ({ http, requestId, region, callerArn, record }) => {
    const route = http.method === 'POST' ? ROUTE.exec(http.path) : null;
    if (route === null) return undefined;
    const modelId = decodeURIComponent(route[1] ?? '');
    const operation = OPERATIONS[route[2] ?? ''] ?? '';
    record.operation = operation;
    record.modelId = modelId;
    const body = readBody(http);
    record.body = body;
    const known = parts.engine.resolve(modelId)?.model.id;
    const trouble = parts.trouble.next({
      operation,
      modelIds: known === undefined ? [modelId] : [modelId, known],
    });
    const call: RuntimeCall = {
      http,
      requestId,
      region,
      callerArn,
      record,
      operation,
      modelId,
      body,
      trouble,
    };
    const at = parts.clock.now();
    try {
      await meetTrouble(trouble, parts.clock, http.signal, operation.includes('Stream'));
      switch (operation) {
        case 'Converse':
        case 'ConverseStream':
          return await converse(call, parts);
        case 'CountTokens':
          return countTokens(call, parts.engine);
        default:
          return await invokeModel(call, parts);
      }
    } catch (error) {
      if (error instanceof BedrockFault && operation !== 'CountTokens') {
        parts.onInvocation({
          requestId, at, operation, modelId, region, callerArn, inputBody: {}, errorCode: error.code,
        }); // biome-ignore format: one line of facts
      }
      throw error;
    }
  };
}

function readBody(http: HttpRequest): JsonObject {
  if (http.body.length > MOST_BODY_BYTES) {
    throw new BedrockFault('ValidationException', 'Request body is too large.', { status: 413 });
  }
  if (http.body.length === 0) return {};
  let body: unknown;
  try {
    body = JSON.parse(http.body.toString('utf8'));
  } catch {
    throw validation('Malformed input request, please reformat your input and try again.');
  }
  if (!isObject(body))
    throw validation(
      'Malformed input request: expected type: JSONObject, please reformat your input and try again.',
    );
  return body;
}
