import type { HttpRequest } from '../contract.js';
import { type ChecksumAlgorithm, checksumHeader, parseChecksumAlgorithm } from './checksum.js';
import type { ObjectMetadata } from './object-store.js';
import { storedEncoding } from './request-body.js';
import { quote } from './s3-call.js';
import { S3Error } from './s3-error.js';

/** Headers that S3 keeps with an object and gives back. */
const STORED_HEADERS = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-language',
  'expires',
] as const;
const METADATA_PREFIX = 'x-amz-meta-';
/** Most bytes of user metadata, names and values together [Amazon S3 user guide, object metadata]. */
const MAX_METADATA_BYTES = 2048;

/** What a request says about the object it writes. @throws S3Error `MetadataTooLarge` */
export const readObjectHeaders = (
  request: HttpRequest,
): { readonly headers: Record<string, string>; readonly metadata: Record<string, string> } => {
  const headers: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const name of STORED_HEADERS) {
    const value = request.headers[name];
    if (value !== undefined && value !== '') headers[name] = value;
  }
  const encoding = storedEncoding(request);
  if (encoding !== undefined) headers['content-encoding'] = encoding;
  const metadata: Record<string, string> = {};
  let bytes = 0;
  for (const [name, value] of Object.entries(request.headers)) {
    if (!name.startsWith(METADATA_PREFIX)) continue;
    metadata[name.slice(METADATA_PREFIX.length)] = value;
    bytes += Buffer.byteLength(name) - METADATA_PREFIX.length + Buffer.byteLength(value);
  }
  if (bytes > MAX_METADATA_BYTES) {
    throw new S3Error('MetadataTooLarge', {
      details: { Size: String(bytes), MaxSizeAllowed: String(MAX_METADATA_BYTES) },
    });
  }
  return { headers, metadata };
};

/** The algorithm that a request asks for, by either of the headers that SDKs use. @throws S3Error `InvalidRequest` */
export const requestedAlgorithm = (request: HttpRequest): ChecksumAlgorithm | undefined => {
  const name = request.headers['x-amz-checksum-algorithm'] ?? request.headers['x-amz-sdk-checksum-algorithm'];
  const algorithm = parseChecksumAlgorithm(name);
  if (name !== undefined && algorithm === undefined) {
    throw new S3Error('InvalidRequest', {
      message:
        'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    });
  }
  return algorithm;
};

/** Headers of an answer that shows an object. */
export const objectHeaders = (object: ObjectMetadata): Record<string, string> => ({
  ...object.headers,
  ...Object.fromEntries(
    Object.entries(object.metadata).map(([name, value]) => [METADATA_PREFIX + name, value]),
  ),
  'accept-ranges': 'bytes',
  etag: quote(object.etag),
  'last-modified': new Date(object.lastModifiedMs).toUTCString(),
  'x-amz-server-side-encryption': 'AES256',
});

/** Headers that carry an object's checksum. */
export const checksumHeaders = ({ checksum }: ObjectMetadata): Record<string, string> => ({
  [checksumHeader(checksum.algorithm)]: checksum.value,
  'x-amz-checksum-type': checksum.type,
});

/** An object's checksum as elements of a document. */
export const checksumElements = ({ checksum }: ObjectMetadata): Record<string, string> => ({
  [`Checksum${checksum.algorithm}`]: checksum.value,
  ChecksumType: checksum.type,
});
