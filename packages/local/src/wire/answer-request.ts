import { randomUUID } from 'node:crypto';
import type { HttpRequest, HttpResponse } from '../contract.js';
import { readCaller } from './authorization.js';
import { BedrockFault, faultResponse } from './bedrock-fault.js';
import { ConnectionDrop } from './connection-drop.js';
import type { OpenRequestRecord, RequestBook } from './request-book.js';
import type { PortHandler } from './serve-port.js';

/** Answers a request for which a record has been opened; may throw a fault. */
export type RecordedHandler = (request: HttpRequest, record: OpenRequestRecord) => Promise<HttpResponse>;

/**
 * Keeps the book around a handler: opens a record, turns faults into responses, and writes down how it went.
 *
 * @param now - Milliseconds since the epoch on the server's clock.
 */
export function answerRequests(book: RequestBook, now: () => number, handler: RecordedHandler): PortHandler {
  return async (request, httpVersion) => {
    const requestId = randomUUID();
    const { 'amz-sdk-request': sdkRequest, 'amz-sdk-invocation-id': sdkInvocationId } = request.headers;
    const record = book.open({
      requestId,
      at: new Date(now()),
      service: readCaller(request)?.service === 's3' ? 's3' : 'unknown',
      method: request.method,
      path: request.path,
      httpVersion,
      ...(sdkRequest === undefined ? {} : { sdkRequest }),
      ...(sdkInvocationId === undefined ? {} : { sdkInvocationId }),
      headers: request.headers,
      framesWritten: 0,
      outcome: 'running',
    });
    try {
      const response = await handler(request, record);
      record.status = response.status;
      if (record.outcome === 'running') record.outcome = 'complete';
      return { ...response, headers: { 'x-amzn-requestid': requestId, ...response.headers } };
    } catch (error) {
      if (error instanceof ConnectionDrop || request.signal.aborted) {
        record.outcome = request.signal.aborted ? 'clientGone' : 'broken';
        throw error;
      }
      const fault = asFault(error);
      record.status = fault.status;
      record.errorCode = fault.code;
      record.outcome = 'complete';
      return faultResponse(fault, requestId);
    }
  };
}

function asFault(error: unknown): BedrockFault {
  if (error instanceof BedrockFault) return error;
  return new BedrockFault('InternalServerException', `The local Bedrock failed: ${String(error)}`);
}
