import { cosine } from '../src/cosine.js';
import { type JsonAnswer, serveJson } from './json-server.js';

interface Vector {
  readonly key: string;
  readonly data: { readonly float32: number[] };
  readonly metadata: Readonly<Record<string, unknown>>;
}

const MOST_VECTORS = 500;
const MOST_FILTERABLE_BYTES = 2048;

const fault = (status: number, type: string, message: string): JsonAnswer => ({
  status,
  headers: { 'x-amzn-errortype': type },
  body: { message },
});

/**
 * As much of S3 Vectors as the sink needs, after its API reference (CreateIndex, GetIndex, PutVectors, ListVectors,
 * QueryVectors, DeleteVectors) and limits; written here because npm has no server of it.
 */
export const serveS3Vectors = () => {
  const indexes = new Map<
    string,
    { readonly dimension: number; readonly free: string[]; readonly vectors: Map<string, Vector> }
  >();
  return serveJson(({ path, body }) => {
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
    const isWrong = ({ data, metadata }: Vector): boolean =>
      data.float32.length !== dimension ||
      JSON.stringify(Object.entries(metadata).filter(([name]) => !free.includes(name))).length >
        MOST_FILTERABLE_BYTES;
    switch (path) {
      case '/GetIndex':
        return {
          body: {
            index: { indexName: input.indexName, dimension, dataType: 'float32', distanceMetric: 'cosine' },
          },
        };
      case '/PutVectors':
        if (input.vectors.length > MOST_VECTORS || input.vectors.length === 0 || input.vectors.some(isWrong))
          return fault(400, 'ValidationException', 'Invalid record');
        for (const vector of input.vectors) vectors.set(vector.key, vector);
        return { body: {} };
      case '/DeleteVectors':
        for (const key of input.keys) vectors.delete(key);
        return { body: {} };
      case '/ListVectors': {
        const from = Number(input.nextToken ?? 0);
        const page = [...vectors.values()].slice(from, from + Math.min(input.maxResults, 100));
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
        return { body: { vectors: found.slice(0, input.topK), distanceMetric: 'cosine' } };
      }
    }
  });
};
