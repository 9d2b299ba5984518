import type { HttpRequest } from '../contract.js';
import type { JsonObject } from '../json.js';

/** One operation of the control plane. */
export interface Route {
  readonly method: string;
  readonly path: RegExp;
  /** HTTP status of its answer. */
  readonly status: number;
  /**
   * @param identifier - The first group of the path, percent-decoded.
   * @param body - Reads the body. @throws BedrockFault `ValidationException` when it is no JSON object
   */
  readonly answer: (
    request: HttpRequest,
    identifier: string,
    body: () => JsonObject,
  ) => Promise<JsonObject> | JsonObject;
}
