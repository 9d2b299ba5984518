import type { HttpRequest } from '../contract.js';
import { BedrockFault } from './bedrock-fault.js';

/** Who signed a request, as far as it can be read without checking the signature. */
export interface Caller {
  readonly scheme: 'sigv4' | 'bearer';
  /** Service named in the credential scope: `bedrock`, `s3`, … */
  readonly service: string;
  readonly accessKeyId?: string;
  readonly region?: string;
}

const SIGV4 = /^AWS4-HMAC-SHA256 .*Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/;

/** Reads the caller from the `authorization` header; `undefined` when there is none or it is not understood. */
export function readCaller(request: HttpRequest): Caller | undefined {
  const header = request.headers['authorization'];
  if (header === undefined) return undefined;
  const match = SIGV4.exec(header);
  if (match !== null) {
    const [, accessKeyId = '', region = '', service = ''] = match;
    return { scheme: 'sigv4', service, accessKeyId, region };
  }
  return /^Bearer \S+$/.test(header) ? { scheme: 'bearer', service: 'bedrock' } : undefined;
}

/**
 * The caller of a Bedrock request. Any credentials do: the server is a bench on loopback and holds no secret,
 * but a request without any is refused as AWS refuses it, so that a missing signer is noticed.
 *
 * @throws {@link BedrockFault} 403 when the request carries no credentials.
 */
export function requireCaller(request: HttpRequest): Caller {
  const caller = readCaller(request);
  if (caller === undefined) {
    throw new BedrockFault('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  return caller;
}
