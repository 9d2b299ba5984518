import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBatchJobs } from './batch/batch-jobs.js';
import { type ManualClock, systemClock } from './clock.js';
import type { LocalClock } from './contract.js';
import { controlRoutes } from './control/control-routes.js';
import { createResourceTags } from './control/tags.js';
import { createCustomModels } from './customization/custom-models.js';
import { createCustomizationJobs } from './customization/customization-jobs.js';
import { customizationRoutes } from './customization/customization-routes.js';
import { createTrainingBook } from './customization/training-book.js';
import { createLocalContext } from './engine/local-context.js';
import { LocalBedrockError } from './errors.js';
import { createInvocationLogger, type InvocationLogger } from './logging/invocation-logger.js';
import { bucketDestination, folderDestination } from './logging/log-destination.js';
import { type Bill, createLedger } from './money/ledger.js';
import { checkOptions, DEFAULT_ACCOUNT_ID, DEFAULT_SEED, type LocalBedrockOptions } from './options.js';
import { createRuntimeHandler } from './runtime/runtime-handler.js';
import { openObjectStore } from './s3/file-object-store.js';
import type { ObjectStore } from './s3/object-store.js';
import { s3Routes } from './s3/s3-routes.js';
import { createS3Trouble } from './trouble/s3-trouble.js';
import { createTroubleScript, type TroubleRule } from './trouble/trouble.js';
import { answerRequests, type RecordedHandler } from './wire/answer-request.js';
import { BedrockFault } from './wire/bedrock-fault.js';
import { createRequestBook, type RequestRecord } from './wire/request-book.js';
import { routeServices } from './wire/route-services.js';
import { servePort } from './wire/serve-port.js';

/** Static credentials; the server checks that there are some, not which. */
export interface LocalCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Configuration for `BedrockRuntimeClient`, `BedrockClient` and every other SDK client. */
export interface LocalClientConfig {
  /** Where the local Bedrock listens. */
  readonly endpoint: string;
  /** The account's Region. */
  readonly region: string;
  /** Credentials to sign with; they are not checked. */
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
  /** The clock it runs by; one of {@link createManualClock} has `advance`. */
  readonly clock: LocalClock & Partial<ManualClock>;
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
  const close = async (
    jobs: readonly { close(): Promise<void> }[] = [],
    logger?: InvocationLogger,
  ): Promise<void> => {
    await port.close();
    await Promise.all(jobs.map((kind) => kind.close()));
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
    const context = createLocalContext(options, { region, clock, ledger, logger, trouble });
    const seed = options.seed ?? DEFAULT_SEED;
    const tags = createResourceTags();
    const jobs = createBatchJobs({ ...options.batch, context, store, seed });
    const models = createCustomModels(context, tags);
    const customization = createCustomizationJobs({
      ...options.customization,
      context,
      store,
      tags,
      models,
      seed,
      bookTraining: createTrainingBook({ context, ledger, tokenizer: options.tokenizer }),
    });
    handle = routeServices({
      objects: s3Routes({ store, region, accountId: context.accountId, trouble: createS3Trouble(trouble) }),
      control: controlRoutes({
        context,
        jobs,
        store,
        tags,
        customization: customizationRoutes(customization, models),
      }),
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
      clock,
      trouble,
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
      stop: () => close([jobs, customization], logger),
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
