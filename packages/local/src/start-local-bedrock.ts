import { randomUUID } from 'node:crypto';
import { CATALOGUE } from '@costkit/pricing/catalogue';
import { systemClock } from './clock.js';
import type { HttpRequest, HttpResponse, LocalClock } from './contract.js';
import { createInferenceEngine } from './engine/inference-engine.js';
import { proseModel } from './models/prose-model.js';
import { type Bill, createLedger } from './money/ledger.js';
import { createPromptCache } from './money/prompt-cache.js';
import { createO200kTokenizer } from './money/tokenizer.js';
import { checkOptions, type LocalBedrockOptions } from './options.js';
import { createQuotas } from './quotas/token-buckets.js';
import { createRuntimeHandler } from './runtime/runtime-handler.js';
import { createTroubleScript, type TroubleRule } from './trouble/trouble.js';
import { readCaller, requireCaller } from './wire/authorization.js';
import { BedrockFault, faultResponse } from './wire/bedrock-fault.js';
import { ConnectionDrop } from './wire/connection-drop.js';
import { createRequestBook, type OpenRequestRecord, type RequestRecord } from './wire/request-book.js';
import { type HttpVersion, servePort } from './wire/serve-port.js';

/** Static credentials; the server checks that there are some, not which. */
export interface LocalCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Configuration for `BedrockRuntimeClient`, `BedrockClient` and every other SDK client. */
export interface LocalClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: LocalCredentials;
}

/** A running local Bedrock. */
export interface LocalBedrock {
  /** `http://127.0.0.1:<port>`, for HTTP/1.1 and HTTP/2 alike. */
  readonly endpoint: string;
  /** `new BedrockRuntimeClient(bedrock.clientConfig)`. */
  readonly clientConfig: LocalClientConfig;
  /** `new S3Client(bedrock.s3ClientConfig)`. */
  readonly s3ClientConfig: LocalClientConfig & { readonly forcePathStyle: true };
  readonly clock: LocalClock;
  /** What the account owes so far, counted by the server from what it saw. */
  bill(): Bill;
  /** The newest requests, oldest first. */
  requests(): readonly RequestRecord[];
  /** Adds a rule to the script of trouble. */
  addTrouble(rule: TroubleRule): void;
  /** Closes the port and every connection. */
  stop(): Promise<void>;
}

const DEFAULT_REGION = 'us-east-1';
const DEFAULT_ACCOUNT_ID = '123456789012';
const DEFAULT_SEED = 'costkit';
const DEFAULT_MOST_REQUEST_RECORDS = 10_000;
const CREDENTIALS: LocalCredentials = { accessKeyId: 'AKIDLOCALBEDROCK', secretAccessKey: 'local-bedrock' };

/**
 * Starts a Bedrock on loopback: the real wire protocol, prompt-cache accounting and a bill of its own.
 *
 * @throws {@link LocalBedrockError} `COSTKIT_INVALID_OPTION`, `COSTKIT_PORT_IN_USE` or `COSTKIT_LISTEN_FAILED`.
 *
 * @example
 * ```ts
 * const bedrock = await startLocalBedrock();
 * const client = new BedrockRuntimeClient(bedrock.clientConfig);
 * await client.send(new ConverseCommand({ modelId: 'amazon.nova-lite-v1:0', messages }));
 * console.log(String(bedrock.bill().total));
 * await bedrock.stop();
 * ```
 */
export async function startLocalBedrock(options: LocalBedrockOptions = {}): Promise<LocalBedrock> {
  checkOptions(options);
  const clock = options.clock ?? systemClock;
  const region = options.region ?? DEFAULT_REGION;
  const accountId = options.accountId ?? DEFAULT_ACCOUNT_ID;
  const seed = options.seed ?? DEFAULT_SEED;
  const models = options.models ?? {};
  const otherwise = models['*'] ?? proseModel();
  const aliases = new Map(Object.entries(options.aliases ?? {}));
  const ledger = createLedger(() => clock.now());
  const trouble = createTroubleScript(options.trouble ?? []);
  const book = createRequestBook(options.mostRequestRecords ?? DEFAULT_MOST_REQUEST_RECORDS);
  const engine = createInferenceEngine({
    catalogue: options.catalogue ?? CATALOGUE,
    aliases,
    clock,
    accountId,
    region,
    seed,
    tokenizer: options.tokenizer ?? createO200kTokenizer(),
    promptCache: createPromptCache({
      now: () => clock.now(),
      implicitHitRate: options.implicitCacheHitRate ?? 0,
      seed,
    }),
    quotas: createQuotas(options.quotas ?? {}, () => clock.now()),
    ledger,
    reservedModels: new Set(options.reservedModels ?? []),
    modelFor: (calledId, modelId) => models[calledId] ?? models[modelId] ?? otherwise,
  });
  const runtime = createRuntimeHandler({
    engine,
    clock,
    trouble,
    frameIntervalMs: options.frameIntervalMs ?? 0,
    onInvocation() {},
  });

  async function route(http: HttpRequest, record: OpenRequestRecord): Promise<HttpResponse> {
    const caller = requireCaller(http);
    record.service = http.path.startsWith('/model/') ? 'bedrock-runtime' : 'bedrock';
    const response = await runtime({
      http,
      requestId: record.requestId,
      region: caller.region ?? region,
      callerArn: `arn:aws:iam::${accountId}:user/${caller.accessKeyId ?? 'bearer'}`,
      record,
    });
    if (response === undefined)
      throw new BedrockFault('UnknownOperationException', `No operation at ${http.method} ${http.path}.`);
    return response;
  }

  async function handle(http: HttpRequest, httpVersion: HttpVersion): Promise<HttpResponse> {
    const requestId = randomUUID();
    const record = book.open(openRecord(http, httpVersion, requestId, clock.now()));
    try {
      const response = await route(http, record);
      record.status = response.status;
      if (record.outcome === 'running') record.outcome = 'complete';
      return { ...response, headers: { 'x-amzn-requestid': requestId, ...response.headers } };
    } catch (error) {
      if (error instanceof ConnectionDrop || http.signal.aborted) {
        record.outcome = http.signal.aborted ? 'clientGone' : 'broken';
        throw error;
      }
      const fault =
        error instanceof BedrockFault
          ? error
          : new BedrockFault('InternalServerException', `The local Bedrock failed: ${String(error)}`);
      record.status = fault.status;
      record.errorCode = fault.code;
      record.outcome = 'complete';
      return faultResponse(fault, requestId);
    }
  }

  const host = options.host ?? '127.0.0.1';
  const served = await servePort({ host, port: options.port ?? 0, handle });
  const endpoint = `http://${host.includes(':') ? `[${host}]` : host}:${served.port}`;
  const clientConfig: LocalClientConfig = { endpoint, region, credentials: CREDENTIALS };
  return {
    endpoint,
    clientConfig,
    s3ClientConfig: { ...clientConfig, forcePathStyle: true },
    clock,
    bill: ledger.bill,
    requests: book.list,
    addTrouble: trouble.add,
    stop: served.close,
  };
}

function openRecord(
  http: HttpRequest,
  httpVersion: HttpVersion,
  requestId: string,
  now: number,
): OpenRequestRecord {
  const { 'amz-sdk-request': sdkRequest, 'amz-sdk-invocation-id': sdkInvocationId } = http.headers;
  return {
    requestId,
    at: new Date(now),
    service: readCaller(http)?.service === 's3' ? 's3' : 'unknown',
    method: http.method,
    path: http.path,
    httpVersion,
    ...(sdkRequest === undefined ? {} : { sdkRequest }),
    ...(sdkInvocationId === undefined ? {} : { sdkInvocationId }),
    headers: http.headers,
    framesWritten: 0,
    outcome: 'running',
  };
}
