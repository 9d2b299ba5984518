import type { Buffer } from 'node:buffer';
import type { CatalogueModel } from '@costkit/pricing/catalogue';

/** An HTTP request, the same for HTTP/1.1 and HTTP/2. */
export interface HttpRequest {
  readonly method: string;
  /** Path as it stands on the wire, percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names; HTTP/2 pseudo headers are left out, `:authority` appears as `host`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

/** An HTTP response; an iterable body is streamed and stopped when the client goes away. */
export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** One part of the server: answers what is its own and returns `undefined` for the rest. */
export type RouteHandler = (request: HttpRequest) => Promise<HttpResponse | undefined>;

/** Time as the local Bedrock sees it; a test's clock moves only when told to. */
export interface LocalClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves when `ms` have passed on this clock; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** How a call is priced besides its model. */
export interface CallMode {
  readonly batch: boolean;
  readonly tier: 'standard' | 'flex' | 'priority' | 'reserved';
  readonly latencyOptimized: boolean;
}

/** What one inference produced, already billed. */
export type InferenceResult =
  | {
      readonly ok: true;
      readonly body: Record<string, unknown>;
      readonly inputTokens: number;
      readonly outputTokens: number;
    }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly message: string };

/** Runs one model request outside the runtime routes: batch jobs use it. It validates, computes and bills. */
export interface InferenceEngine {
  run(request: {
    readonly modelId: string;
    readonly shape: 'InvokeModel' | 'Converse';
    readonly body: Record<string, unknown>;
    readonly mode: CallMode;
  }): Promise<InferenceResult>;
  /** The catalogue row behind an id or ARN, with the routing scope; `undefined` when unknown. */
  resolve(modelId: string): { readonly model: CatalogueModel; readonly scope: string } | undefined;
}

/** What ids and ARNs of the account's own resources stand for; application profiles register themselves here. */
export interface ModelAliases {
  /** The id or ARN a resource stands for. */
  get(arn: string): string | undefined;
  set(arn: string, modelId: string): unknown;
  delete(arn: string): unknown;
}

/** The account's invocation-logging configuration, in the API's own shape. */
export interface LoggingConfiguration {
  readonly s3Config?: { readonly bucketName: string; readonly keyPrefix?: string };
  readonly cloudWatchConfig?: {
    readonly logGroupName: string;
    readonly roleArn: string;
    readonly largeDataDeliveryS3Config?: { readonly bucketName: string; readonly keyPrefix?: string };
  };
  readonly textDataDeliveryEnabled?: boolean;
  readonly imageDataDeliveryEnabled?: boolean;
  readonly embeddingDataDeliveryEnabled?: boolean;
  readonly videoDataDeliveryEnabled?: boolean;
  readonly audioDataDeliveryEnabled?: boolean;
}

/** Reads and changes where invocations are logged. */
export interface LoggingSettings {
  get(): LoggingConfiguration | undefined;
  /** Takes effect with the next call; `undefined` turns logging off. */
  set(configuration: LoggingConfiguration | undefined): void;
}

/** What every part of the server shares. */
export interface LocalContext {
  readonly clock: LocalClock;
  readonly region: string;
  readonly accountId: string;
  readonly engine: InferenceEngine;
  /** Every row the server knows, by foundation-model id. */
  readonly catalogue: ReadonlyMap<string, CatalogueModel>;
  readonly aliases: ModelAliases;
  /** Name of the custom model behind the ARN of a deployment: what `models` calls it. */
  readonly customModelNames: Map<string, string>;
  readonly logging: LoggingSettings;
  /** Scripted trouble of a batch job that begins: stop it after so many records. Counts the job. */
  stopBatchJobAfter(modelId: string): number | undefined;
}
