import {
  CreateIndex$,
  DeleteVectors$,
  GetIndex$,
  ListVectors$,
  PutVectors$,
  QueryVectors$,
} from '@aws-sdk/client-s3vectors';
import { cosine } from '../src/cosine.js';
import { type JsonAnswer, serveJson } from './json-server.js';
import { shapeFaults } from './sdk-shape.js';

interface Vector {
  readonly key: string;
  readonly data: { readonly float32: number[] };
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** By the paths of their requests: what the SDK's client knows of the operations. */
const OPERATIONS: Readonly<Record<string, unknown>> = {
  '/CreateIndex': CreateIndex$,
  '/DeleteVectors': DeleteVectors$,
  '/GetIndex': GetIndex$,
  '/ListVectors': ListVectors$,
  '/PutVectors': PutVectors$,
  '/QueryVectors': QueryVectors$,
};
const MOST_BYTES = 20 * 2 ** 20;
const MOST_VECTORS = 500;
const MOST_FOUND = 10_000;
const MOST_FILTERABLE_BYTES = 2048;
const MOST_METADATA_BYTES = 40_960;
/** Small, so that a contract comes to the second page. */
const PAGE = 100;

const fault = (status: number, type: string, message: string): JsonAnswer => ({
  status,
  headers: { 'x-amzn-errortype': type },
  body: { message },
});

/** An answer that is not as the SDK's client expects it fails the test. */
function checked(operation: unknown, answer: JsonAnswer): JsonAnswer {
  const [, , , , , output] = operation as readonly unknown[];
  const faults = (answer.status ?? 200) === 200 ? shapeFaults(output, answer.body) : [];
  return faults.length === 0 ? answer : fault(500, 'InternalServerException', faults.join('; '));
}

/**
 * As much of S3 Vectors as the sink needs (CreateIndex, GetIndex, PutVectors, ListVectors, QueryVectors, DeleteVectors),
 * written here because npm has no server of it. Requests and answers must fit the schemas of the SDK's client, which are
 * made of the service's own model; limits are those of the user guide (S3 Vectors, limitations and restrictions).
 */
export const serveS3Vectors = () => {
  const answer = s3Vectors();
  return serveJson((request) => {
    const operation = OPERATIONS[request.path];
    if (operation === undefined) return fault(404, 'NotFoundException', `no operation at ${request.path}`);
    const [, , , , input] = operation as readonly unknown[];
    const faults = shapeFaults(input, JSON.parse(request.body));
    if (faults.length > 0 || request.body.length > MOST_BYTES)
      return fault(400, 'ValidationException', faults.join('; '));
    return checked(operation, answer(request));
  });
};

function s3Vectors() {
  const indexes = new Map<
    string,
    { readonly dimension: number; readonly free: string[]; readonly vectors: Map<string, Vector> }
  >();
  return ({ path, body }: { readonly path: string; readonly body: string }): JsonAnswer => {
    const input = JSON.parse(body) as {
      indexName: string;
      dimension: number;
      metadataConfiguration?: { nonFilterableMetadataKeys?: string[] };
      vectors: Vector[];
      keys: string[];
      nextToken?: string;
      maxResults: number;
      topK: number;
      queryVector: { float32: number[] };
      filter: { space: { $eq: string } };
    };
    const index = indexes.get(input.indexName);
    if (path === '/CreateIndex') {
      if (index !== undefined) return fault(409, 'ConflictException', 'The index exists.');
      const { nonFilterableMetadataKeys: free = [] } = input.metadataConfiguration ?? {};
      indexes.set(input.indexName, { dimension: input.dimension, free, vectors: new Map() });
      return { body: { indexArn: 'arn:aws:s3vectors:us-east-1:123456789012:bucket/b/index/i' } };
    }
    if (index === undefined) return fault(404, 'NotFoundException', 'The specified index could not be found');
    const { dimension, free, vectors } = index;
    const isWrong = ({ key, data, metadata }: Vector): boolean =>
      key.length > 1024 ||
      data.float32.length !== dimension ||
      data.float32.every((number) => number === 0) ||
      JSON.stringify(metadata).length > MOST_METADATA_BYTES ||
      JSON.stringify(Object.entries(metadata).filter(([name]) => !free.includes(name))).length >
        MOST_FILTERABLE_BYTES;
    switch (path) {
      case '/GetIndex':
        return {
          body: {
            index: {
              vectorBucketName: 'vectors',
              indexName: input.indexName,
              indexArn: 'arn:aws:s3vectors:us-east-1:123456789012:bucket/b/index/i',
              creationTime: 1_764_374_400,
              dimension,
              dataType: 'float32',
              distanceMetric: 'cosine',
            },
          },
        };
      case '/PutVectors':
        if (input.vectors.length > MOST_VECTORS || input.vectors.length === 0 || input.vectors.some(isWrong))
          return fault(400, 'ValidationException', 'Invalid record');
        for (const vector of input.vectors) vectors.set(vector.key, vector);
        return { body: {} };
      case '/DeleteVectors':
        if (input.keys.length > MOST_VECTORS || input.keys.length === 0)
          return fault(400, 'ValidationException', 'Invalid keys');
        for (const key of input.keys) vectors.delete(key);
        return { body: {} };
      case '/ListVectors': {
        const from = Number(input.nextToken ?? 0);
        const page = [...vectors.values()].slice(from, from + Math.min(input.maxResults, PAGE));
        const next = from + page.length;
        return {
          body: {
            vectors: page.map(({ key, metadata }) => ({ key, metadata })),
            ...(next < vectors.size ? { nextToken: String(next) } : {}),
          },
        };
      }
      default: {
        const asked = Float32Array.from(input.queryVector.float32);
        const found = [...vectors.values()]
          .filter(({ metadata }) => metadata['space'] === input.filter.space.$eq)
          .map(({ key, data, metadata }) => ({
            key,
            metadata,
            distance: 1 - cosine(asked, Float32Array.from(data.float32)),
          }))
          .sort((one, other) => one.distance - other.distance);
        if (input.topK > MOST_FOUND) return fault(400, 'ValidationException', 'Invalid topK');
        const from = Number(input.nextToken ?? 0);
        const next = Math.min(from + PAGE, input.topK);
        return {
          body: {
            vectors: found.slice(from, next),
            distanceMetric: 'cosine',
            ...(next < Math.min(found.length, input.topK) ? { nextToken: String(next) } : {}),
          },
        };
      }
    }
  };
}
