import { createHash } from 'node:crypto';
import type { HttpRequest } from '../contract.js';
import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm, checksumHeader, isChecksum } from './checksum.js';
import { S3Error } from './s3-error.js';

/** The bytes that a request carries, and the digests that it says they have. */
export interface RequestBody {
  readonly bytes: Uint8Array;
  readonly expectedMd5?: string;
  readonly expectedChecksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
}

/**
 * Unpacks a request's body: plain, or `aws-chunked` with its checksum in a trailer, which is how current SDKs
 * send streams. Chunk signatures are not verified, as no signature is.
 * @throws S3Error `IncompleteBody`, `InvalidDigest`, `MalformedTrailerError`, `XAmzContentSHA256Mismatch`, …
 */
export const readBody = (request: HttpRequest): RequestBody => {
  const payload = request.headers['x-amz-content-sha256'] ?? '';
  const isChunked = payload.startsWith('STREAMING-') || encodingsOf(request).includes('aws-chunked');
  const { bytes, trailers } = isChunked ? decodeChunks(request.body) : { bytes: request.body, trailers: {} };
  const length = request.headers['x-amz-decoded-content-length'];
  if (isChunked && length !== undefined && Number(length) !== bytes.byteLength)
    throw new S3Error('IncompleteBody');
  if (/^[0-9a-f]{64}$/.test(payload) && createHash('sha256').update(bytes).digest('hex') !== payload) {
    throw new S3Error('XAmzContentSHA256Mismatch');
  }
  checkTrailer(request, trailers);
  const expectedMd5 = request.headers['content-md5'];
  if (expectedMd5 !== undefined && Buffer.from(expectedMd5, 'base64').byteLength !== 16) {
    throw new S3Error('InvalidDigest');
  }
  const expectedChecksum = readChecksum({ ...request.headers, ...trailers });
  return {
    bytes,
    ...(expectedMd5 === undefined ? {} : { expectedMd5 }),
    ...(expectedChecksum === undefined ? {} : { expectedChecksum }),
  };
};

/** The checksum that headers announce. @throws S3Error `InvalidRequest` when there is more than one */
export const readChecksum = (
  headers: Readonly<Record<string, string>>,
): { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined => {
  const found = CHECKSUM_ALGORITHMS.flatMap((algorithm) => {
    const value = headers[checksumHeader(algorithm)];
    return value === undefined ? [] : [{ algorithm, value }];
  });
  if (found.length > 1) {
    throw new S3Error('InvalidRequest', {
      message: 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    });
  }
  const checksum = found[0];
  if (checksum !== undefined && !isChecksum(checksum.algorithm, checksum.value)) {
    throw new S3Error('InvalidRequest', {
      message: `Value for ${checksumHeader(checksum.algorithm)} header is invalid.`,
    });
  }
  return checksum;
};

/** The content encodings that stay with the object: `aws-chunked` is one of the transfer only. */
export const storedEncoding = (request: HttpRequest): string | undefined =>
  encodingsOf(request)
    .filter((encoding) => encoding !== 'aws-chunked')
    .join(',') || undefined;

const encodingsOf = (request: HttpRequest): string[] =>
  (request.headers['content-encoding'] ?? '')
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '');

const checkTrailer = (request: HttpRequest, trailers: Readonly<Record<string, string>>): void => {
  const announced = request.headers['x-amz-trailer'];
  if (announced === undefined) return;
  for (const name of announced.split(',')) {
    if (trailers[name.trim().toLowerCase()] === undefined) throw new S3Error('MalformedTrailerError');
  }
};

const decodeChunks = (body: Buffer): { bytes: Buffer; trailers: Record<string, string> } => {
  const chunks: Buffer[] = [];
  let position = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', position, 'latin1');
    if (lineEnd < 0) throw new S3Error('IncompleteBody');
    const [size = ''] = body.toString('latin1', position, lineEnd).split(';');
    if (!/^[0-9a-fA-F]{1,8}$/.test(size)) throw new S3Error('IncompleteBody');
    const length = Number.parseInt(size, 16);
    position = lineEnd + 2;
    if (length === 0) break;
    if (body.toString('latin1', position + length, position + length + 2) !== '\r\n')
      throw new S3Error('IncompleteBody');
    chunks.push(body.subarray(position, position + length));
    position += length + 2;
  }
  return {
    bytes: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks),
    trailers: readTrailers(body, position),
  };
};

const readTrailers = (body: Buffer, position: number): Record<string, string> => {
  const trailers: Record<string, string> = {};
  for (const line of body.toString('latin1', position).split('\r\n')) {
    if (line === '') continue;
    const colon = line.indexOf(':');
    if (colon <= 0) throw new S3Error('MalformedTrailerError');
    trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return trailers;
};
