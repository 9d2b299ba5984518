import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CATALOGUE } from '@costkit/pricing/catalogue';
import { createBatchJobs } from './batch/batch-jobs.js';
import { systemClock } from './clock.js';
import type { HttpRequest, HttpResponse, LocalClock, LocalContext } from './contract.js';
import { controlRoutes } from './control/control-routes.js';
import { createInferenceEngine } from './engine/inference-engine.js';
import { createInvocationLogger, type InvocationLogger } from './logging/invocation-logger.js';
import { bucketDestination, folderDestination } from './logging/log-destination.js';
import { proseModel } from './models/prose-model.js';
import { type Bill, createLedger } from './money/ledger.js';
import { createPromptCache } from './money/prompt-cache.js';
import { createO200kTokenizer } from './money/tokenizer.js';
import { checkOptions, type LocalBedrockOptions } from './options.js';
import { createQuotas } from './quotas/token-buckets.js';
import { createRuntimeHandler } from './runtime/runtime-handler.js';
import { openObjectStore } from './s3/file-object-store.js';
import type { ObjectStore } from './s3/object-store.js';
import { s3Routes } from './s3/s3-routes.js';
import { createTroubleScript, type TroubleRule, type TroubleScript } from './trouble/trouble.js';
import { answerRequests } from './wire/answer-request.js';
import { requireCaller } from './wire/authorization.js';
import { BedrockFault } from './wire/bedrock-fault.js';
import { createRequestBook, type OpenRequestRecord, type RequestRecord } from './wire/request-book.js';
import { servePort } from './wire/serve-port.js';

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
  /** `new BedrockRuntimeClient(bedrock.clientConfig)`, and `BedrockClient` alike. */
  readonly clientConfig: LocalClientConfig;
  /** `new S3Client(bedrock.s3ClientConfig)`. */
  readonly s3ClientConfig: LocalClientConfig & { readonly forcePathStyle: true };
  /** The clock it runs by; one of {@link createManualClock} can be advanced. */
  readonly clock: LocalClock;
  /** What the account owes so far, counted by the server from what it saw. */
  bill(): Bill;
  /** The newest requests, oldest first. */
  requests(): readonly RequestRecord[];
  /** Adds a rule to the script of trouble. */
  addTrouble(rule: TroubleRule): void;
  /** Resolves when the invocation log of all calls so far is written. */
  flushLogs(): Promise<void>;
  /** Ends jobs where they are, writes the rest of the log, and closes the port and every connection. */
  stop(): Promise<void>;
}

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_REGION = 'us-east-1';
const DEFAULT_ACCOUNT_ID = '123456789012';
const DEFAULT_SEED = 'costkit';
const DEFAULT_MOST_REQUEST_RECORDS = 10_000;
const CREDENTIALS: LocalCredentials = { accessKeyId: 'AKIDLOCALBEDROCK', secretAccessKey: 'local-bedrock' };

/**
 * Starts a Bedrock on loopback: the real wire protocol, prompt-cache accounting, batch jobs over an S3 of its own,
 * and a bill that it counts itself.
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
  const host = options.host ?? DEFAULT_HOST;
  const region = options.region ?? DEFAULT_REGION;
  const accountId = options.accountId ?? DEFAULT_ACCOUNT_ID;
  const clock = options.clock ?? systemClock;
  const now = (): number => clock.now();
  const ledger = createLedger(now);
  const trouble = createTroubleScript(options.trouble ?? []);
  const book = createRequestBook(options.mostRequestRecords ?? DEFAULT_MOST_REQUEST_RECORDS);

  // The port first: when it is taken, nothing else has been begun.
  let handle: (http: HttpRequest, record: OpenRequestRecord) => Promise<HttpResponse> = async () => {
    throw new BedrockFault('ServiceUnavailableException', 'The local Bedrock is starting.');
  };
  const port = await servePort({
    host,
    port: options.port ?? 0,
    handle: answerRequests(book, now, (http, record) => handle(http, record)),
  });

  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'costkit-local-')));
  const store = await openObjectStore({ folder: dataFolder, clock });
  for (const bucket of options.buckets ?? [])
    if (!(await store.hasBucket(bucket))) await store.createBucket(bucket);
  const logger = createLogger(options, { accountId, region, now, store });
  const context = createContext(options, { accountId, region, clock, ledger, logger, trouble });
  const jobs = createBatchJobs({ ...options.batch, context, store, seed: options.seed ?? DEFAULT_SEED });
  const runtime = createRuntimeHandler({
    engine: context.engine,
    clock,
    trouble,
    frameIntervalMs: options.frameIntervalMs ?? 0,
    onInvocation: logger.record,
  });
  const objects = s3Routes({ store, region, accountId });
  const control = controlRoutes({ context, jobs, store });

  handle = async (http, record) => {
    // Signed for S3 or not at all: buckets may have any name, so the signature tells the services apart.
    const object = await objects(http);
    if (object !== undefined) return object;
    const caller = requireCaller(http);
    record.service = http.path.startsWith('/model/') ? 'bedrock-runtime' : 'bedrock';
    const response =
      (await runtime({
        http,
        requestId: record.requestId,
        region: caller.region ?? region,
        callerArn: `arn:aws:iam::${accountId}:user/${caller.accessKeyId ?? 'bearer'}`,
        record,
      })) ?? (await control(http));
    if (response === undefined) {
      throw new BedrockFault(
        'UnknownOperationException',
        `The local Bedrock has no ${http.method} ${http.path}.`,
      );
    }
    return response;
  };

  const endpoint = `http://${host.includes(':') ? `[${host}]` : host}:${port.port}`;
  const clientConfig: LocalClientConfig = { endpoint, region, credentials: CREDENTIALS };
  return {
    endpoint,
    clientConfig,
    s3ClientConfig: { ...clientConfig, forcePathStyle: true },
    clock,
    bill: ledger.bill,
    requests: book.list,
    addTrouble: trouble.add,
    flushLogs: logger.flush,
    async stop() {
      await port.close();
      await jobs.close();
      await logger.flush();
      if (options.dataFolder === undefined) await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

function createContext(
  options: LocalBedrockOptions,
  shared: {
    readonly accountId: string;
    readonly region: string;
    readonly clock: LocalClock;
    readonly ledger: ReturnType<typeof createLedger>;
    readonly logger: InvocationLogger;
    readonly trouble: TroubleScript;
  },
): LocalContext & { readonly engine: ReturnType<typeof createInferenceEngine> } {
  const { accountId, region, clock, ledger, logger, trouble } = shared;
  const catalogue = options.catalogue ?? CATALOGUE;
  const seed = options.seed ?? DEFAULT_SEED;
  const aliases = new Map(Object.entries(options.aliases ?? {}));
  const models = options.models ?? {};
  const otherwise = models['*'] ?? proseModel();
  const now = (): number => clock.now();
  const engine = createInferenceEngine({
    catalogue,
    aliases,
    clock,
    accountId,
    region,
    seed,
    tokenizer: options.tokenizer ?? createO200kTokenizer(),
    promptCache: createPromptCache({ now, implicitHitRate: options.implicitCacheHitRate ?? 0, seed }),
    quotas: createQuotas(options.quotas ?? {}, now),
    ledger,
    reservedModels: new Set(options.reservedModels ?? []),
    modelFor: (calledId, modelId) => models[calledId] ?? models[modelId] ?? otherwise,
  });
  return {
    clock,
    region,
    accountId,
    engine,
    catalogue,
    aliases,
    logging: logger.settings,
    stopBatchJobAfter(modelId) {
      const known = engine.resolve(modelId)?.model.id ?? modelId;
      const action = trouble.next({ operation: 'ModelInvocationJob', modelIds: [modelId, known] });
      return action?.type === 'stopBatchJob' ? action.afterRecords : undefined;
    },
  };
}

function createLogger(
  options: LocalBedrockOptions,
  shared: {
    readonly accountId: string;
    readonly region: string;
    readonly now: () => number;
    readonly store: ObjectStore;
  },
): InvocationLogger {
  const { logging } = options;
  const { folder, ...configuration } =
    logging !== undefined && 'folder' in logging ? logging : { folder: undefined, ...logging };
  return createInvocationLogger({
    accountId: shared.accountId,
    region: shared.region,
    now: shared.now,
    configuration: logging === undefined ? undefined : configuration,
    destinationOf({ s3Config }) {
      if (s3Config !== undefined) return bucketDestination(shared.store, s3Config.bucketName);
      return folder === undefined ? undefined : folderDestination(folder);
    },
  });
}
