import { randomUUID } from 'node:crypto';
import type { HttpRequest, HttpResponse, RouteHandler } from '../contract.js';
import {
  createBucket,
  deleteBucket,
  deleteObjects,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
  listMultipartUploads,
  listObjects,
} from './bucket-operations.js';
import {
  copyObject,
  deleteObject,
  getObject,
  getObjectAttributes,
  headObject,
  putObject,
} from './object-operations.js';
import type { ObjectStore } from './object-store.js';
import { parseAddress, type S3Call, type S3Operation } from './s3-call.js';
import { S3Error, type S3ErrorCode } from './s3-error.js';
import { errorResponse } from './s3-xml.js';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listParts,
  uploadPart,
  uploadPartCopy,
} from './upload-operations.js';
import type { UploadStore } from './upload-store.js';

/** Options of {@link s3Routes}. */
export interface S3RoutesOptions {
  /** Where the objects are kept. */
  readonly store: ObjectStore & UploadStore;
  /** Region of the buckets. */
  readonly region: string;
  /** Account that owns the buckets; `x-amz-expected-bucket-owner` is compared with it. */
  readonly accountId: string;
  /**
   * Asked before each operation; an error's code is answered instead of the operation.
   * @defaultValue no trouble
   */
  readonly trouble?: (operation: {
    readonly name: string;
    readonly bucket: string;
    readonly key: string;
  }) => S3ErrorCode | undefined;
}

/** Query parameters that turn a request into an operation that this S3 does not have. */
const UNSUPPORTED = [
  'accelerate',
  'acl',
  'analytics',
  'cors',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'logging',
  'metadataConfiguration',
  'metadataTable',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'tagging',
  'torrent',
  'versionId',
  'versions',
  'website',
] as const;

/**
 * Answers S3's REST API, path style, for requests that are signed for the service `s3`; the rest is left to others.
 * Signatures are not verified.
 *
 * @example
 * ```ts
 * const store = await openObjectStore({ folder, clock });
 * const handle = s3Routes({ store, region: 'us-east-1', accountId: '123456789012' });
 * ```
 */
export const s3Routes =
  ({ store, region, accountId, trouble }: S3RoutesOptions): RouteHandler =>
  async (request) => {
    if (signedService(request) !== 's3') return undefined;
    const requestId = randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase();
    const respond = async (): Promise<HttpResponse> => {
      try {
        const call: S3Call = { request, store, region, accountId, ...parseAddress(request.path) };
        checkOwner(call);
        const [name, operation] = chooseOperation(call);
        const failure = trouble?.({ name, bucket: call.bucket, key: call.key });
        if (failure !== undefined) throw new S3Error(failure);
        return await operation(call);
      } catch (error) {
        if (error instanceof S3Error) return errorResponse(error, request.method, request.path, requestId);
        throw error;
      }
    };
    const response = await respond();
    return {
      ...response,
      headers: { ...response.headers, 'x-amz-request-id': requestId, 'x-amz-id-2': requestId },
    };
  };

/** The service that a request is signed for, by its header or its presigned URL; `undefined` without a signature. */
const signedService = ({ headers, query }: HttpRequest): string | undefined => {
  // Presigned as before 2014, which Python's SDK still does: only S3 knows these.
  if (query.has('AWSAccessKeyId') && query.has('Signature')) return 's3';
  const credential =
    /^AWS4-[\w-]+ Credential=([^,\s]+)/.exec(headers['authorization'] ?? '')?.[1] ??
    query.get('X-Amz-Credential') ??
    undefined;
  // <access key>/<date>/<Region>/<service>/aws4_request
  return credential?.split('/').at(-2);
};

const checkOwner = ({ request, accountId, bucket }: S3Call): void => {
  const expected = request.headers['x-amz-expected-bucket-owner'];
  if (bucket !== '' && expected !== undefined && expected !== accountId) throw new S3Error('AccessDenied');
};

const chooseOperation = (call: S3Call): readonly [name: string, operation: S3Operation] => {
  const { request, bucket, key } = call;
  const unsupported = UNSUPPORTED.find((name) => request.query.has(name));
  if (unsupported !== undefined) {
    throw new S3Error('NotImplemented', {
      message: `The local S3 does not implement "${unsupported}"`,
      details: { Header: unsupported },
    });
  }
  if (bucket === '') {
    if (request.method === 'GET') return ['ListBuckets', listBuckets];
    throw new S3Error('MethodNotAllowed', { details: { Method: request.method } });
  }
  const chosen = key === '' ? chooseBucketOperation(request) : chooseObjectOperation(request);
  if (chosen === undefined) throw new S3Error('MethodNotAllowed', { details: { Method: request.method } });
  return chosen;
};

const chooseBucketOperation = ({
  method,
  query,
}: HttpRequest): readonly [string, S3Operation] | undefined => {
  if (method === 'PUT') return ['CreateBucket', createBucket];
  if (method === 'HEAD') return ['HeadBucket', headBucket];
  if (method === 'DELETE') return ['DeleteBucket', deleteBucket];
  if (method === 'POST' && query.has('delete')) return ['DeleteObjects', deleteObjects];
  if (method !== 'GET') return undefined;
  if (query.has('location')) return ['GetBucketLocation', getBucketLocation];
  if (query.has('versioning')) return ['GetBucketVersioning', getBucketVersioning];
  if (query.has('uploads')) return ['ListMultipartUploads', listMultipartUploads];
  return query.get('list-type') === '2' ? ['ListObjectsV2', listObjects] : ['ListObjects', listObjects];
};

const chooseObjectOperation = ({
  method,
  query,
  headers,
}: HttpRequest): readonly [string, S3Operation] | undefined => {
  const isUpload = query.has('uploadId');
  const isCopy = headers['x-amz-copy-source'] !== undefined;
  if (method === 'PUT' && isUpload)
    return isCopy ? ['UploadPartCopy', uploadPartCopy] : ['UploadPart', uploadPart];
  if (method === 'PUT') return isCopy ? ['CopyObject', copyObject] : ['PutObject', putObject];
  if (method === 'POST' && query.has('uploads')) return ['CreateMultipartUpload', createMultipartUpload];
  if (method === 'POST' && isUpload) return ['CompleteMultipartUpload', completeMultipartUpload];
  if (method === 'GET' && isUpload) return ['ListParts', listParts];
  if (method === 'GET' && query.has('attributes')) return ['GetObjectAttributes', getObjectAttributes];
  if (method === 'GET') return ['GetObject', getObject];
  if (method === 'HEAD') return ['HeadObject', headObject];
  if (method === 'DELETE')
    return isUpload ? ['AbortMultipartUpload', abortMultipartUpload] : ['DeleteObject', deleteObject];
  return undefined;
};
