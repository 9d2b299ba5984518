import { checksumHeader, parseChecksumAlgorithm } from './checksum.js';
import { checksumElements, readObjectHeaders, requestedAlgorithm } from './object-headers.js';
import { parseRange } from './ranges.js';
import { readBody, readChecksum } from './request-body.js';
import {
  COPY_CONDITIONS,
  judgeRead,
  parseCopySource,
  quote,
  type S3Call,
  type S3Operation,
  unquote,
  writeConditionOf,
} from './s3-call.js';
import { S3Error } from './s3-error.js';
import { elementsOf, parseDocument, textOf, xmlResponse } from './s3-xml.js';
import type { CompletedPart, Upload, UploadedPart } from './upload-store.js';

/** CreateMultipartUpload. */
export const createMultipartUpload: S3Operation = async ({ request, store, bucket, key }) => {
  const algorithm = requestedAlgorithm(request);
  const type = request.headers['x-amz-checksum-type']?.toUpperCase();
  const upload = await store.createUpload(bucket, key, {
    ...readObjectHeaders(request),
    ...(algorithm === undefined ? {} : { checksumAlgorithm: algorithm }),
    ...(type === 'FULL_OBJECT' || type === 'COMPOSITE' ? { checksumType: type } : {}),
  });
  return xmlResponse(
    'InitiateMultipartUploadResult',
    { Bucket: bucket, Key: key, UploadId: upload.uploadId },
    { headers: upload.checksumRequested ? typeHeaders(upload) : {} },
  );
};

/** UploadPart. */
export const uploadPart: S3Operation = async (call) => {
  const { request, store, bucket, key } = call;
  const body = readBody(request);
  const { part } = await store.putPart(bucket, key, uploadIdOf(call), partNumberOf(call), body.bytes, {
    ...(body.expectedMd5 === undefined ? {} : { md5: body.expectedMd5 }),
    ...(body.expectedChecksum === undefined ? {} : { checksum: body.expectedChecksum }),
  });
  const checksum = body.expectedChecksum;
  return {
    status: 200,
    headers: {
      'content-length': '0',
      etag: quote(part.etag),
      'x-amz-server-side-encryption': 'AES256',
      ...(checksum === undefined ? {} : { [checksumHeader(checksum.algorithm)]: part.checksum }),
    },
  };
};

/** UploadPartCopy. */
export const uploadPartCopy: S3Operation = async (call) => {
  const { request, store, bucket, key } = call;
  const source = parseCopySource(request.headers['x-amz-copy-source'] ?? '');
  const content = await store.get(source.bucket, source.key, (object) => {
    if (judgeRead(request.headers, COPY_CONDITIONS, object) !== 'pass')
      throw new S3Error('PreconditionFailed');
    return parseRange(request.headers['x-amz-copy-source-range'], object.size);
  });
  const { upload, part } = await store.putPart(
    bucket,
    key,
    uploadIdOf(call),
    partNumberOf(call),
    content.body,
  );
  return xmlResponse('CopyPartResult', {
    LastModified: new Date(part.lastModifiedMs).toISOString(),
    ETag: quote(part.etag),
    ...(upload.checksumRequested ? { [`Checksum${upload.checksumAlgorithm}`]: part.checksum } : {}),
  });
};

/** ListParts. */
export const listParts: S3Operation = async (call) => {
  const { request, store, bucket, key, accountId } = call;
  const { upload, parts } = await store.listParts(bucket, key, uploadIdOf(call));
  const marker = Number(request.query.get('part-number-marker') ?? 0);
  const limit = Math.min(Number(request.query.get('max-parts') ?? 1000), 1000);
  const behind = parts.filter(({ partNumber }) => partNumber > marker);
  const page = behind.slice(0, limit);
  const isTruncated = behind.length > page.length;
  return xmlResponse('ListPartsResult', {
    Bucket: bucket,
    Key: key,
    UploadId: upload.uploadId,
    Initiator: { ID: accountId },
    Owner: { ID: accountId },
    StorageClass: 'STANDARD',
    PartNumberMarker: marker,
    NextPartNumberMarker: isTruncated ? page.at(-1)?.partNumber : undefined,
    MaxParts: limit,
    IsTruncated: isTruncated,
    ...(upload.checksumRequested
      ? { ChecksumAlgorithm: upload.checksumAlgorithm, ChecksumType: upload.checksumType }
      : {}),
    Part: page.map((part) => partElements(upload, part)),
  });
};

/** CompleteMultipartUpload. */
export const completeMultipartUpload: S3Operation = async (call) => {
  const { request, store, bucket, key } = call;
  const document = parseDocument(
    readBody({ ...request, headers: withoutChecksums(request.headers) }).bytes,
    'CompleteMultipartUpload',
  );
  const parts = elementsOf(document, 'Part').map(readCompletedPart);
  const condition = writeConditionOf(request.headers);
  const expected = readChecksum(request.headers)?.value;
  const size = request.headers['x-amz-mp-object-size'];
  const stored = await store.completeUpload(bucket, key, uploadIdOf(call), parts, {
    ...(condition === undefined ? {} : { condition }),
    ...(expected === undefined ? {} : { expectedChecksum: expected }),
    ...(size === undefined ? {} : { expectedSize: Number(size) }),
  });
  return xmlResponse('CompleteMultipartUploadResult', {
    Location: `http://${request.headers['host'] ?? 'localhost'}/${bucket}/${encodeURIComponent(key)}`,
    Bucket: bucket,
    Key: key,
    ETag: quote(stored.etag),
    ...checksumElements(stored),
  });
};

/** AbortMultipartUpload. */
export const abortMultipartUpload: S3Operation = async (call) => {
  await call.store.abortUpload(call.bucket, call.key, uploadIdOf(call));
  return { status: 204 };
};

const uploadIdOf = ({ request }: S3Call): string => request.query.get('uploadId') ?? '';
const partNumberOf = ({ request }: S3Call): number => Number(request.query.get('partNumber'));

const typeHeaders = (upload: Upload): Record<string, string> => ({
  'x-amz-checksum-algorithm': upload.checksumAlgorithm,
  'x-amz-checksum-type': upload.checksumType,
});

/** The checksum header of this request speaks of the finished object, not of the document it sends. */
const withoutChecksums = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => parseChecksumAlgorithm(name.replace('x-amz-checksum-', '')) === undefined,
    ),
  );

const readCompletedPart = (element: Record<string, unknown>): CompletedPart => {
  const partNumber = Number(textOf(element, 'PartNumber'));
  const etag = textOf(element, 'ETag');
  if (!Number.isInteger(partNumber) || partNumber < 1 || etag === undefined)
    throw new S3Error('MalformedXML');
  const checksumName = Object.keys(element).find((name) => name.startsWith('Checksum'));
  const checksum = checksumName === undefined ? undefined : textOf(element, checksumName);
  return {
    partNumber,
    etag: unquote(etag.trim()),
    ...(checksum === undefined ? {} : { checksum: checksum.trim() }),
  };
};

const partElements = (upload: Upload, part: UploadedPart): Record<string, string | number> => ({
  PartNumber: part.partNumber,
  LastModified: new Date(part.lastModifiedMs).toISOString(),
  ETag: quote(part.etag),
  Size: part.size,
  ...(upload.checksumRequested ? { [`Checksum${upload.checksumAlgorithm}`]: part.checksum } : {}),
});
