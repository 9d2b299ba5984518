import type { HttpResponse } from '../contract.js';

/** HTTP status of each error class that Bedrock Runtime models, and of the two that come before it. */
const STATUS_BY_CODE = {
  AccessDeniedException: 403,
  ConflictException: 400,
  InternalServerException: 500,
  MissingAuthenticationTokenException: 403,
  ModelErrorException: 424,
  ModelNotReadyException: 429,
  ModelStreamErrorException: 424,
  ModelTimeoutException: 408,
  ResourceNotFoundException: 404,
  ServiceQuotaExceededException: 400,
  ServiceUnavailableException: 503,
  ThrottlingException: 429,
  UnknownOperationException: 404,
  ValidationException: 400,
} as const;

/** Name of an error that the service can answer with. */
export type BedrockFaultCode = keyof typeof STATUS_BY_CODE;

/** What the emulated service answers instead of a result: an error as AWS sends it. */
export class BedrockFault extends Error {
  override readonly name: string = 'BedrockFault';
  readonly code: string;
  readonly status: number;
  /** Extra response headers, such as `retry-after`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: BedrockFaultCode | (string & {}),
    message: string,
    options: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.code = code;
    this.status = options.status ?? STATUS_BY_CODE[code as BedrockFaultCode] ?? 400;
    this.headers = options.headers ?? {};
  }
}

/** A refusal by Bedrock itself. Texts are in `evidence` form: exactly what the service says where it is known. */
export function validation(message: string): BedrockFault {
  return new BedrockFault('ValidationException', message);
}

/** A refusal by the model's provider behind Bedrock, which Converse marks with a prefix. */
export function providerValidation(message: string): BedrockFault {
  return validation(`The model returned the following errors: ${message}`);
}

/** The fault as it goes over the wire: status, `x-amzn-errortype` and `{"message"}`. */
export function faultResponse(fault: BedrockFault, requestId: string): HttpResponse {
  return {
    status: fault.status,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': `${fault.code}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
      ...fault.headers,
    },
    body: JSON.stringify({ message: fault.message }),
  };
}
