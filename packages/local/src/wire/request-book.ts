import type { JsonObject } from '../json.js';
import type { HttpVersion } from './serve-port.js';

/** What the server saw of one request, for a test to look at. */
export interface RequestRecord {
  readonly requestId: string;
  /** When it came, on the server's clock. */
  readonly at: Date;
  readonly service: 'bedrock-runtime' | 'bedrock' | 's3' | 'unknown';
  readonly method: string;
  readonly path: string;
  readonly httpVersion: HttpVersion;
  /** `Converse`, `InvokeModel`, …; `undefined` for services that are not told apart by operation. */
  readonly operation?: string;
  /** The id or ARN as called. */
  readonly modelId?: string;
  /** The SDK's `amz-sdk-request` header, which tells the attempt: `attempt=2; max=3`. */
  readonly sdkRequest?: string;
  /** The SDK's `amz-sdk-invocation-id`: equal over the attempts of one `send()`. */
  readonly sdkInvocationId?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON body of a Bedrock Runtime request. */
  readonly body?: JsonObject;
  /** Status sent; `undefined` while it runs or when the connection was dropped instead. */
  readonly status?: number;
  /** Error class answered with. */
  readonly errorCode?: string;
  /** Frames of a stream handed to the connection. */
  readonly framesWritten: number;
  /** `streaming` while a stream runs; `clientGone` when the client left before the end; `broken` by scripted trouble. */
  readonly outcome: 'running' | 'streaming' | 'complete' | 'clientGone' | 'broken';
}

/** A record while its request runs. */
export type OpenRequestRecord = { -readonly [Member in keyof RequestRecord]: RequestRecord[Member] };

/** The newest requests. */
export interface RequestBook {
  open(record: OpenRequestRecord): OpenRequestRecord;
  list(): readonly RequestRecord[];
}

/** Makes a book that forgets the oldest request when it is full. */
export function createRequestBook(mostRecords: number): RequestBook {
  const records: OpenRequestRecord[] = [];
  return {
    open(record) {
      if (records.length >= mostRecords) records.shift();
      records.push(record);
      return record;
    },
    list: () => records.map((record) => ({ ...record })),
  };
}
