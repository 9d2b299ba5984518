import { Buffer } from 'node:buffer';

/** A request that reached the fake handler: one per attempt, the SDK's retries included. */
export interface RecordedRequest {
  readonly method: string;
  /** Path as it stands on the wire, percent-encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The body, parsed; `undefined` when it is empty or not JSON. */
  readonly json: unknown;
  /** The model id or ARN in the path, decoded. */
  readonly modelId: string | undefined;
  /** E.g. `Converse`, from the path; `undefined` for routes outside the runtime. */
  readonly operation: string | undefined;
  /** Which attempt of the SDK this is, from 1, by `amz-sdk-request`. */
  readonly attempt: number;
  /** When it arrived, on the handler's clock. */
  readonly receivedAtMs: number;
  /** Frames of the streamed answer that were handed to the client so far. */
  framesSent: number;
  /** How the answer ended; `pending` while it has not. */
  outcome: 'pending' | 'completed' | 'destroyed' | 'aborted' | 'dropped' | 'failed';
}

/** What of the SDK's request the fake handler reads. */
export interface HttpRequestLike {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const OPERATIONS: Readonly<Record<string, string>> = {
  converse: 'Converse',
  'converse-stream': 'ConverseStream',
  invoke: 'InvokeModel',
  'invoke-with-response-stream': 'InvokeModelWithResponseStream',
  'count-tokens': 'CountTokens',
};

const ROUTE = /^\/model\/([^/]+)\/([a-z-]+)$/;

function toBytes(body: unknown): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  // A view of its own: the SDK puts warning string methods on the array it hands over.
  if (body instanceof Uint8Array) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  throw new TypeError(
    'costkit testing: the fake request handler cannot read a streamed request body. Send text or bytes.',
  );
}

function parse(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** @internal */
export function recordRequest(request: HttpRequestLike, receivedAtMs: number): RecordedRequest {
  const body = toBytes(request.body);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const [, encodedModelId, route = ''] = ROUTE.exec(request.path) ?? [];
  return {
    method: request.method,
    path: request.path,
    query: request.query ?? {},
    headers,
    body,
    // Parsed on demand: benchmarks that send a hundred thousand requests never look.
    get json(): unknown {
      return parse(body);
    },
    modelId: encodedModelId === undefined ? undefined : decodeURIComponent(encodedModelId),
    operation: OPERATIONS[route],
    attempt: Number(/attempt=(\d+)/.exec(headers['amz-sdk-request'] ?? '')?.[1] ?? 1),
    receivedAtMs,
    framesSent: 0,
    outcome: 'pending',
  };
}
