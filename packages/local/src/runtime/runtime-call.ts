import type { HttpRequest } from '../contract.js';
import type { JsonObject } from '../json.js';
import type { TroubleAction } from '../trouble/trouble.js';
import type { OpenRequestRecord } from '../wire/request-book.js';

/** One call of a runtime operation, read as far as all operations read it. */
export interface RuntimeCall {
  readonly http: HttpRequest;
  readonly requestId: string;
  readonly region: string;
  readonly callerArn: string;
  readonly record: OpenRequestRecord;
  readonly operation: string;
  /** The id or ARN as called. */
  readonly modelId: string;
  readonly body: JsonObject;
  readonly trouble: TroubleAction | undefined;
}
