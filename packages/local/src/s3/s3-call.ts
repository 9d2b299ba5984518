import type { HttpRequest, HttpResponse } from '../contract.js';
import type { ObjectMetadata, ObjectStore, WriteCondition } from './object-store.js';
import { S3Error } from './s3-error.js';
import type { UploadStore } from './upload-store.js';

/** One S3 request, understood as far as its address. */
export interface S3Call {
  readonly request: HttpRequest;
  readonly store: ObjectStore & UploadStore;
  readonly region: string;
  readonly accountId: string;
  /** Empty for a request to the service. */
  readonly bucket: string;
  /** Empty for a request to a bucket. */
  readonly key: string;
}

/** Answers one operation of S3. */
export type S3Operation = (call: S3Call) => Promise<HttpResponse>;

/** Bucket and key of a path-style address. @throws S3Error `InvalidURI` */
export const parseAddress = (path: string): { readonly bucket: string; readonly key: string } => {
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  try {
    return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key) };
  } catch {
    throw new S3Error('InvalidURI', { details: { URI: path } });
  }
};

/** Bucket and key that `x-amz-copy-source` names. @throws S3Error `InvalidArgument`, `NotImplemented` */
export const parseCopySource = (source: string): { readonly bucket: string; readonly key: string } => {
  const [path = '', query] = source.split('?', 2);
  if (query?.startsWith('versionId=') && query !== 'versionId=null') throw new S3Error('NotImplemented');
  const address = parseAddress(path.startsWith('/') ? path : `/${path}`);
  if (address.bucket === '' || address.key === '') {
    throw new S3Error('InvalidArgument', { message: 'Invalid copy source object key' });
  }
  return address;
};

/** The condition that a write's `If-Match` and `If-None-Match` state. @throws S3Error `NotImplemented` */
export const writeConditionOf = (headers: Readonly<Record<string, string>>): WriteCondition | undefined => {
  const ifNoneMatch = headers['if-none-match'];
  const ifMatch = headers['if-match'];
  if (ifNoneMatch === undefined && ifMatch === undefined) return undefined;
  // S3 takes no ETag here: a write may only ask that nothing is there yet.
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*') throw new S3Error('NotImplemented');
  return {
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch: true }),
    ...(ifMatch === undefined ? {} : { ifMatch: unquote(ifMatch) }),
  };
};

/** Names of the condition headers of a read; copying spells them differently. */
export interface ReadConditionNames {
  readonly ifMatch: string;
  readonly ifNoneMatch: string;
  readonly ifModifiedSince: string;
  readonly ifUnmodifiedSince: string;
}

/** The condition headers of GET and HEAD. */
export const READ_CONDITIONS: ReadConditionNames = {
  ifMatch: 'if-match',
  ifNoneMatch: 'if-none-match',
  ifModifiedSince: 'if-modified-since',
  ifUnmodifiedSince: 'if-unmodified-since',
};

/** The condition headers that speak of the source of a copy. */
export const COPY_CONDITIONS: ReadConditionNames = {
  ifMatch: 'x-amz-copy-source-if-match',
  ifNoneMatch: 'x-amz-copy-source-if-none-match',
  ifModifiedSince: 'x-amz-copy-source-if-modified-since',
  ifUnmodifiedSince: 'x-amz-copy-source-if-unmodified-since',
};

/** Whether an object passes a read's conditions; ETags win over dates, as RFC 9110 has it. */
export const judgeRead = (
  headers: Readonly<Record<string, string>>,
  names: ReadConditionNames,
  object: ObjectMetadata,
): 'pass' | 'not-modified' | 'failed' => {
  const modified = Math.floor(object.lastModifiedMs / 1000) * 1000;
  const matches = (list: string): boolean =>
    list
      .split(',')
      .some((etag) => etag.trim() === '*' || unquote(etag.trim().replace(/^W\//, '')) === object.etag);
  const ifMatch = headers[names.ifMatch];
  const ifUnmodifiedSince = Date.parse(headers[names.ifUnmodifiedSince] ?? '');
  if (ifMatch !== undefined ? !matches(ifMatch) : modified > ifUnmodifiedSince) return 'failed';
  const ifNoneMatch = headers[names.ifNoneMatch];
  const ifModifiedSince = Date.parse(headers[names.ifModifiedSince] ?? '');
  if (ifNoneMatch !== undefined ? matches(ifNoneMatch) : modified <= ifModifiedSince) return 'not-modified';
  return 'pass';
};

/** An ETag without the quotes that HTTP puts around it. */
export const unquote = (etag: string): string => etag.replace(/^"(.*)"$/, '$1');
/** An ETag as HTTP writes it. */
export const quote = (etag: string): string => `"${etag}"`;
