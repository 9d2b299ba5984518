import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CATALOGUE } from '@costkit/pricing/catalogue';
import { type BatchJobs, createBatchJobs } from './batch/batch-jobs.js';
import { systemClock } from './clock.js';
import type { LocalClock, LocalContext, RouteHandler } from './contract.js';
import { controlRoutes } from './control/control-routes.js';
import { createInferenceEngine } from './engine/inference-engine.js';
import { LocalBedrockError } from './errors.js';
import { createInvocationLogger, type InvocationLogger } from './logging/invocation-logger.js';
import { bucketDestination, folderDestination } from './logging/log-destination.js';
import { proseModel } from './models/prose-model.js';
import { type Bill, createLedger } from './money/ledger.js';
import { createPromptCache } from './money/prompt-cache.js';
import { createO200kTokenizer } from './money/tokenizer.js';
import { checkOptions, type LocalBedrockOptions } from './options.js';
import { createQuotas } from './quotas/token-buckets.js';
import { createRuntimeHandler, type RuntimeHandler } from './runtime/runtime-handler.js';
import { openObjectStore } from './s3/file-object-store.js';
import type { ObjectStore } from './s3/object-store.js';
import { s3Routes } from './s3/s3-routes.js';
import { createTroubleScript, type TroubleRule, type TroubleScript } from './trouble/trouble.js';
import { answerRequests, type RecordedHandler } from './wire/answer-request.js';
import { requireCaller } from './wire/authorization.js';
import { BedrockFault } from './wire/bedrock-fault.js';
import { createRequestBook, type RequestRecord } from './wire/request-book.js';
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

const DEFAULT_PORT = 0;
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
  const clock = options.clock ?? systemClock;
  const now = (): number => clock.now();
  const book = createRequestBook(options.mostRequestRecords ?? DEFAULT_MOST_REQUEST_RECORDS);
  // The port first: when it is taken, nothing else has been begun.
  let handle: RecordedHandler = async () => {
    throw new BedrockFault('ServiceUnavailableException', 'The local Bedrock is starting.');
  };
  const port = await servePort({
    host,
    port: options.port ?? DEFAULT_PORT,
    handle: answerRequests(book, now, (http, record) => handle(http, record)),
  });
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'costkit-local-')));
  const close = async (jobs?: BatchJobs, logger?: InvocationLogger): Promise<void> => {
    await port.close();
    await jobs?.close();
    // Streams that were cut just now still have their record to write.
    await new Promise((resolve) => setImmediate(resolve));
    await logger?.flush();
    if (options.dataFolder === undefined) await rm(dataFolder, { recursive: true, force: true });
  };
  try {
    const store = await openObjectStore({ folder: dataFolder, clock });
    for (const bucket of options.buckets ?? []) await ensureBucket(store, bucket);
    const ledger = createLedger(now);
    const trouble = createTroubleScript(options.trouble ?? []);
    const logger = createLogger(options, { now, store });
    const context = createContext(options, { region, clock, ledger, logger, trouble });
    const jobs = createBatchJobs({ ...options.batch, context, store, seed: options.seed ?? DEFAULT_SEED });
    handle = createRouter({
      objects: s3Routes({ store, region, accountId: context.accountId }),
      control: controlRoutes({ context, jobs, store }),
      runtime: createRuntimeHandler({
        engine: context.engine,
        clock,
        trouble,
        prompts: options.prompts ?? {},
        frameIntervalMs: options.frameIntervalMs ?? 0,
        onInvocation: logger.record,
      }),
      region,
      accountId: context.accountId,
    });
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
      stop: () => close(jobs, logger),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function ensureBucket(store: ObjectStore, bucket: string): Promise<void> {
  try {
    if (!(await store.hasBucket(bucket))) await store.createBucket(bucket);
  } catch (error) {
    throw new LocalBedrockError(
      'COSTKIT_INVALID_OPTION',
      `option "buckets" names "${bucket}", which cannot be created. Use 3 to 63 lower-case letters, digits, dots and hyphens.`,
      { cause: error },
    );
  }
}

/** Chooses the service: S3 by its signature, since buckets may have any name, the rest by path. */
function createRouter(services: {
  readonly objects: RouteHandler;
  readonly control: RouteHandler;
  readonly runtime: RuntimeHandler;
  readonly region: string;
  readonly accountId: string;
}): RecordedHandler {
  const { objects, control, runtime, region, accountId } = services;
  return async (http, record) => {
    const object = await objects(http);
    if (object !== undefined) return object;
    const caller = requireCaller(http);
    record.service = http.path.startsWith('/model/') ? 'bedrock-runtime' : 'bedrock';
    const callerArn = `arn:aws:iam::${accountId}:user/${caller.accessKeyId ?? 'bearer'}`;
    const { requestId } = record;
    const response =
      (await runtime({ http, requestId, region: caller.region ?? region, callerArn, record })) ??
      (await control(http));
    if (response === undefined) {
      throw new BedrockFault(
        'UnknownOperationException',
        `The local Bedrock has no ${http.method} ${http.path}.`,
      );
    }
    return response;
  };
}

function createContext(
  options: LocalBedrockOptions,
  shared: {
    readonly region: string;
    readonly clock: LocalClock;
    readonly ledger: ReturnType<typeof createLedger>;
    readonly logger: InvocationLogger;
    readonly trouble: TroubleScript;
  },
): LocalContext & { readonly engine: ReturnType<typeof createInferenceEngine> } {
  const { region, clock, ledger, logger, trouble } = shared;
  const accountId = options.accountId ?? DEFAULT_ACCOUNT_ID;
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
    promptRouters: options.promptRouters ?? {},
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
  shared: { readonly now: () => number; readonly store: ObjectStore },
): InvocationLogger {
  const { logging } = options;
  const { folder, ...configuration } =
    logging !== undefined && 'folder' in logging ? logging : { folder: undefined, ...logging };
  return createInvocationLogger({
    accountId: options.accountId ?? DEFAULT_ACCOUNT_ID,
    now: shared.now,
    configuration: logging === undefined ? undefined : configuration,
    destinationOf({ s3Config }) {
      if (s3Config !== undefined) return bucketDestination(shared.store, s3Config.bucketName);
      return folder === undefined ? undefined : folderDestination(folder);
    },
  });
}
