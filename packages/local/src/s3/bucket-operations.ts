import { readBody } from './request-body.js';
import { quote, type S3Operation, unquote } from './s3-call.js';
import { S3Error } from './s3-error.js';
import { elementsOf, parseDocument, textOf, xmlResponse } from './s3-xml.js';

/** Most keys in one DeleteObjects request [Amazon S3 API reference]. */
const MAX_DELETED_KEYS = 1000;

/** ListBuckets. */
export const listBuckets: S3Operation = async ({ request, store, accountId, region }) => {
  const prefix = request.query.get('prefix') ?? '';
  const after = request.query.get('continuation-token') ?? '';
  const limit = Number(request.query.get('max-buckets') ?? 10_000);
  const matching = (await store.listBuckets()).filter(({ name }) => name.startsWith(prefix) && name > after);
  const page = matching.slice(0, limit);
  return xmlResponse('ListAllMyBucketsResult', {
    Owner: { ID: accountId },
    Buckets: {
      Bucket: page.map(({ name, createdMs }) => ({
        Name: name,
        CreationDate: new Date(createdMs).toISOString(),
        BucketRegion: region,
      })),
    },
    ContinuationToken: matching.length > limit ? page.at(-1)?.name : undefined,
  });
};

/** CreateBucket. */
export const createBucket: S3Operation = async ({ store, bucket }) => {
  await store.createBucket(bucket);
  return { status: 200, headers: { location: `/${bucket}`, 'content-length': '0' } };
};

/** HeadBucket. */
export const headBucket: S3Operation = async ({ store, bucket, region }) => {
  if (!(await store.hasBucket(bucket))) throw new S3Error('NoSuchBucket');
  return { status: 200, headers: { 'x-amz-bucket-region': region, 'content-length': '0' } };
};

/** DeleteBucket. */
export const deleteBucket: S3Operation = async ({ store, bucket }) => {
  await store.deleteBucket(bucket);
  return { status: 204 };
};

/** GetBucketLocation. */
export const getBucketLocation: S3Operation = async ({ store, bucket, region }) => {
  if (!(await store.hasBucket(bucket)))
    throw new S3Error('NoSuchBucket', { details: { BucketName: bucket } });
  // The oldest Region has no name here.
  return xmlResponse('LocationConstraint', region === 'us-east-1' ? {} : { '#text': region });
};

/** GetBucketVersioning: versioning has never been switched on. */
export const getBucketVersioning: S3Operation = async ({ store, bucket }) => {
  if (!(await store.hasBucket(bucket)))
    throw new S3Error('NoSuchBucket', { details: { BucketName: bucket } });
  return xmlResponse('VersioningConfiguration', {});
};

/** DeleteObjects. */
export const deleteObjects: S3Operation = async ({ request, store, bucket }) => {
  const body = readBody(request);
  const document = parseDocument(body.bytes, 'Delete');
  const isQuiet = textOf(document, 'Quiet')?.trim() === 'true';
  const named = elementsOf(document, 'Object');
  if (named.length === 0 || named.length > MAX_DELETED_KEYS) throw new S3Error('MalformedXML');
  const deleted: Record<string, string>[] = [];
  const errors: Record<string, string>[] = [];
  for (const element of named) {
    const key = textOf(element, 'Key');
    if (key === undefined || key === '') throw new S3Error('MalformedXML');
    const etag = textOf(element, 'ETag');
    try {
      await store.delete(bucket, key, etag === undefined ? {} : { ifMatch: unquote(etag) });
      deleted.push({ Key: key });
    } catch (error) {
      if (!(error instanceof S3Error) || error.code === 'NoSuchBucket') throw error;
      errors.push({ Key: key, Code: error.code, Message: error.message });
    }
  }
  return xmlResponse('DeleteResult', { ...(isQuiet ? {} : { Deleted: deleted }), Error: errors });
};

/** ListMultipartUploads, on one page. */
export const listMultipartUploads: S3Operation = async ({ request, store, bucket, accountId }) => {
  const prefix = request.query.get('prefix') ?? '';
  const uploads = (await store.listUploads(bucket)).filter(({ key }) => key.startsWith(prefix));
  return xmlResponse('ListMultipartUploadsResult', {
    Bucket: bucket,
    Prefix: prefix,
    MaxUploads: Math.max(1000, uploads.length),
    IsTruncated: false,
    Upload: uploads.map(({ key, uploadId, initiatedMs, checksumAlgorithm, checksumType }) => ({
      Key: key,
      UploadId: uploadId,
      Initiator: { ID: accountId },
      Owner: { ID: accountId },
      StorageClass: 'STANDARD',
      Initiated: new Date(initiatedMs).toISOString(),
      ChecksumAlgorithm: checksumAlgorithm,
      ChecksumType: checksumType,
    })),
  });
};

/** ListObjectsV2 and ListObjects. */
export const listObjects: S3Operation = async ({ request, store, bucket, accountId }) => {
  const { query } = request;
  const isSecond = query.get('list-type') === '2';
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const maxKeys = parseMaxKeys(query.get('max-keys'));
  const encode = encoderOf(query.get('encoding-type'));
  const token = isSecond ? query.get('continuation-token') : null;
  const start = query.get(isSecond ? 'start-after' : 'marker');
  const after = token === null ? start : decodeToken(token);
  const page = await store.list(bucket, {
    prefix,
    maxKeys,
    ...(delimiter === '' ? {} : { delimiter }),
    ...(after === null || after === '' ? {} : { after }),
  });
  const owner = !isSecond || query.get('fetch-owner') === 'true' ? { Owner: { ID: accountId } } : {};
  return xmlResponse('ListBucketResult', {
    Name: bucket,
    Prefix: encode(prefix),
    ...(isSecond
      ? {
          StartAfter: start === null ? undefined : encode(start),
          ContinuationToken: token ?? undefined,
          NextContinuationToken: page.next === undefined ? undefined : encodeToken(page.next),
          KeyCount: page.contents.length + page.commonPrefixes.length,
        }
      : {
          Marker: encode(start ?? ''),
          NextMarker: page.next === undefined || delimiter === '' ? undefined : encode(page.next),
        }),
    MaxKeys: maxKeys,
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    EncodingType: query.get('encoding-type') ?? undefined,
    IsTruncated: page.next !== undefined,
    Contents: page.contents.map(({ key, size, etag, lastModifiedMs, checksum }) => ({
      Key: encode(key),
      LastModified: new Date(lastModifiedMs).toISOString(),
      ETag: quote(etag),
      ChecksumAlgorithm: checksum.algorithm,
      ChecksumType: checksum.type,
      Size: size,
      StorageClass: 'STANDARD',
      ...owner,
    })),
    CommonPrefixes: page.commonPrefixes.map((group) => ({ Prefix: encode(group) })),
  });
};

const parseMaxKeys = (text: string | null): number => {
  if (text === null) return 1000;
  if (!/^\d{1,10}$/.test(text)) {
    throw new S3Error('InvalidArgument', {
      message: 'Provided max-keys not an integer or within integer range',
    });
  }
  return Math.min(Number(text), 1000);
};

const encoderOf = (encodingType: string | null): ((text: string) => string) => {
  if (encodingType === null) return (text) => text;
  if (encodingType !== 'url') {
    throw new S3Error('InvalidArgument', { message: 'Invalid Encoding Method specified in Request' });
  }
  return (text) => encodeURIComponent(text).replaceAll('%2F', '/');
};

const encodeToken = (after: string): string => Buffer.from(after).toString('base64url');
const decodeToken = (token: string): string => {
  if (!/^[\w-]+$/.test(token)) {
    throw new S3Error('InvalidArgument', { message: 'The continuation token provided is incorrect' });
  }
  return Buffer.from(token, 'base64url').toString('utf8');
};
