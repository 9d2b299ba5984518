import type { HttpRequest, HttpResponse } from '../contract.js';
import {
  checksumElements,
  checksumHeaders,
  objectHeaders,
  readObjectHeaders,
  requestedAlgorithm,
} from './object-headers.js';
import type { ByteRange, ObjectMetadata } from './object-store.js';
import { parseRange, partRange } from './ranges.js';
import { readBody } from './request-body.js';
import {
  COPY_CONDITIONS,
  judgeRead,
  parseCopySource,
  quote,
  READ_CONDITIONS,
  type S3Operation,
  unquote,
  writeConditionOf,
} from './s3-call.js';
import { S3Error } from './s3-error.js';
import { xmlResponse } from './s3-xml.js';

/** Query parameters by which a reader replaces a header of the answer. */
const OVERRIDES = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
] as const;

/** PutObject. */
export const putObject: S3Operation = async ({ request, store, bucket, key }) => {
  const body = readBody(request);
  const algorithm = body.expectedChecksum?.algorithm ?? requestedAlgorithm(request);
  const condition = writeConditionOf(request.headers);
  const stored = await store.put(bucket, key, body.bytes, {
    ...readObjectHeaders(request),
    ...(algorithm === undefined ? {} : { checksumAlgorithm: algorithm }),
    ...(body.expectedChecksum === undefined ? {} : { expectedChecksum: body.expectedChecksum.value }),
    ...(body.expectedMd5 === undefined ? {} : { expectedMd5: body.expectedMd5 }),
    ...(condition === undefined ? {} : { condition }),
  });
  return {
    status: 200,
    headers: {
      'content-length': '0',
      etag: quote(stored.etag),
      'x-amz-server-side-encryption': 'AES256',
      ...checksumHeaders(stored),
    },
  };
};

/** HeadObject. */
export const headObject: S3Operation = async ({ request, store, bucket, key }) => {
  const { status, headers } = answerFor(request, await store.head(bucket, key));
  return { status, headers };
};

/** GetObject. */
export const getObject: S3Operation = async ({ request, store, bucket, key }) => {
  let answer: Answer | undefined;
  const content = await store.get(bucket, key, (object) => {
    answer = answerFor(request, object);
    return answer.range;
  });
  const { status, headers } = answer as Answer;
  if (status === 304) {
    content.close();
    return { status, headers };
  }
  // A client that goes away before the first byte was asked for leaves nobody to close the file.
  request.signal.addEventListener('abort', () => content.close(), { once: true });
  return { status, headers, body: content.body };
};

/** CopyObject. */
export const copyObject: S3Operation = async ({ request, store, bucket, key }) => {
  const source = parseCopySource(request.headers['x-amz-copy-source'] ?? '');
  const replacesMetadata = request.headers['x-amz-metadata-directive']?.toUpperCase() === 'REPLACE';
  if (source.bucket === bucket && source.key === key && !replacesMetadata) {
    throw new S3Error('InvalidRequest', {
      message:
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    });
  }
  const condition = writeConditionOf(request.headers);
  const content = await store.get(source.bucket, source.key, (object) => {
    if (judgeRead(request.headers, COPY_CONDITIONS, object) !== 'pass')
      throw new S3Error('PreconditionFailed');
    return undefined;
  });
  const { headers, metadata, checksum } = content.metadata;
  const stored = await store.put(bucket, key, content.body, {
    ...(replacesMetadata ? readObjectHeaders(request) : { headers, metadata }),
    checksumAlgorithm: requestedAlgorithm(request) ?? checksum.algorithm,
    ...(condition === undefined ? {} : { condition }),
  });
  return xmlResponse('CopyObjectResult', {
    LastModified: new Date(stored.lastModifiedMs).toISOString(),
    ETag: quote(stored.etag),
    ...checksumElements(stored),
  });
};

/** DeleteObject. */
export const deleteObject: S3Operation = async ({ request, store, bucket, key }) => {
  const ifMatch = request.headers['if-match'];
  await store.delete(bucket, key, ifMatch === undefined ? {} : { ifMatch: unquote(ifMatch) });
  return { status: 204 };
};

/** GetObjectAttributes. */
export const getObjectAttributes: S3Operation = async ({ request, store, bucket, key }) => {
  const object = await store.head(bucket, key);
  const wanted = new Set(
    (request.headers['x-amz-object-attributes'] ?? '').split(',').map((name) => name.trim()),
  );
  const checksum = checksumElements(object);
  return xmlResponse(
    'GetObjectAttributesResponse',
    {
      ETag: wanted.has('ETag') ? object.etag : undefined,
      Checksum: wanted.has('Checksum') ? checksum : undefined,
      ObjectParts: wanted.has('ObjectParts') ? partElements(object) : undefined,
      StorageClass: wanted.has('StorageClass') ? 'STANDARD' : undefined,
      ObjectSize: wanted.has('ObjectSize') ? object.size : undefined,
    },
    { headers: { 'last-modified': new Date(object.lastModifiedMs).toUTCString() } },
  );
};

interface Answer extends HttpResponse {
  readonly headers: Readonly<Record<string, string>>;
  readonly range: ByteRange | undefined;
}

const answerFor = (request: HttpRequest, object: ObjectMetadata): Answer => {
  const verdict = judgeRead(request.headers, READ_CONDITIONS, object);
  if (verdict === 'failed') throw new S3Error('PreconditionFailed');
  const shown = objectHeaders(object);
  if (verdict === 'not-modified') {
    const { etag = '', 'last-modified': lastModified = '' } = shown;
    return { status: 304, headers: { etag, 'last-modified': lastModified }, range: undefined };
  }
  const partNumber = request.query.get('partNumber');
  const rangeHeader = request.headers['range'];
  if (partNumber !== null && rangeHeader !== undefined) {
    throw new S3Error('InvalidRequest', {
      message: 'Cannot specify both Range header and partNumber query parameter',
    });
  }
  const range = partNumber === null ? parseRange(rangeHeader, object.size) : partRange(object, partNumber);
  const isPartial = range !== undefined || partNumber !== null;
  const length = range === undefined ? object.size : range.end - range.start + 1;
  const wantsChecksum = request.headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED';
  return {
    status: isPartial ? 206 : 200,
    headers: {
      ...shown,
      ...overridesOf(request.query),
      ...(wantsChecksum && range === undefined ? checksumHeaders(object) : {}),
      ...(range === undefined ? {} : { 'content-range': `bytes ${range.start}-${range.end}/${object.size}` }),
      ...(partNumber === null ? {} : { 'x-amz-mp-parts-count': String(object.parts?.length ?? 1) }),
      'content-length': String(length),
    },
    range,
  };
};

const overridesOf = (query: URLSearchParams): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const name of OVERRIDES) {
    const value = query.get(`response-${name}`);
    if (value !== null) headers[name] = value;
  }
  return headers;
};

const partElements = ({
  parts,
  checksum,
}: ObjectMetadata): Record<string, string | number | Record<string, string | number>[]> | undefined => {
  if (parts === undefined) return undefined;
  return {
    PartsCount: parts.length,
    Part: parts.map(({ partNumber, size, checksum: value }) => ({
      PartNumber: partNumber,
      Size: size,
      ...(value === undefined ? {} : { [`Checksum${checksum.algorithm}`]: value }),
    })),
  };
};
