import { checkOptions, InvalidOptionError, isText } from '@costkit/core';
import { EmbeddingError } from './errors.js';
import { piecesOf } from './pieces-of.js';
import { hasMethods } from './sync-options.js';
import type { EmbeddingSpace, SinkEntry, SinkMatch, SinkRecord, VectorSink } from './types.js';

/** The part of an `S3VectorsClient` that is used. */
export interface S3VectorsClientLike {
  /** As the SDK's own. */
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of `send` differ between SDK versions.
  send(command: any, ...rest: any[]): Promise<any>;
}

/** Where {@link s3VectorsSink} keeps its records. */
export interface S3VectorsSinkOptions {
  /** An `S3VectorsClient`. */
  readonly client: S3VectorsClientLike;
  /** Name of the vector bucket, which must exist. */
  readonly vectorBucketName: string;
  /** Name of the vector index; it is made where there is none. */
  readonly indexName: string;
}

/** Vectors in one request (user guide, S3 Vectors limits). */
const MOST_DELETED = 500;
/** Fewer than the 500 that are allowed: of 4,096 numbers and 40 KB of metadata each, more would pass the 20 MiB of a request. */
const MOST_PUT = 100;
/** Results of a query, which come in pages (What's New of 2026-06-16; 100 before). */
const MOST_FOUND = 10_000;
/** Vectors of one page. */
const PAGE = 1_000;
/** Kept but not filtered by, so that it may be longer than the 2 KB of filterable metadata. */
const NOT_FILTERABLE = ['text', 'details'];

interface Stored {
  readonly key: string;
  readonly distance?: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

interface Page {
  readonly vectors?: readonly Stored[];
  readonly nextToken?: string;
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

/**
 * A sink in Amazon S3 Vectors. An index there has one length of vectors: another number of dimensions needs another index.
A record's text and metadata have 40 KB at most. What was paid is kept in an index beside it
 * (`index` of `syncEmbeddings`). Needs `@aws-sdk/client-s3vectors`, and the permissions `s3vectors:CreateIndex`, `GetIndex`,
 * `PutVectors`, `DeleteVectors`, `ListVectors`, `QueryVectors` and, for the texts that are found, `GetVectors`.
 *
 * @throws `InvalidOptionError` for options; its methods throw what the SDK throws, as the same object, and
 * {@link EmbeddingError} where the index holds vectors of another length.
 *
 * @example
 * ```ts
 * const sink = s3VectorsSink({ client: new S3VectorsClient({}), vectorBucketName: 'my-vectors', indexName: 'handbook' });
 * ```
 */
export function s3VectorsSink(options: S3VectorsSinkOptions): VectorSink {
  checkOptions<S3VectorsSinkOptions>('embeddings', options, {
    client: hasMethods('send'),
    vectorBucketName: isText,
    indexName: isText,
  });
  for (const name of ['client', 'vectorBucketName', 'indexName'] as const) {
    if (options[name] === undefined) throw new InvalidOptionError('embeddings', name, 'is missing');
  }
  const { client, vectorBucketName, indexName } = options;
  const place = { vectorBucketName, indexName };
  const sdk = () => import('@aws-sdk/client-s3vectors');
  return {
    name: `s3-vectors ${vectorBucketName}/${indexName}`,
    open: (space) => openIndex(client, place, space),
    list: async function* list(): AsyncGenerator<SinkEntry> {
      const { ListVectorsCommand } = await sdk();
      let nextToken: string | undefined;
      do {
        const page: Page = await client.send(
          new ListVectorsCommand({ ...place, maxResults: PAGE, returnMetadata: true, nextToken }),
        );
        for (const { key, metadata = {} } of page.vectors ?? []) {
          yield {
            id: key,
            space: String(metadata['space']),
            hash: String(metadata['hash']),
            revision: String(metadata['revision']),
          };
        }
        ({ nextToken } = page);
      } while (nextToken !== undefined);
    },
    upsert: async (records) => {
      const { PutVectorsCommand } = await sdk();
      for (const piece of piecesOf(records, MOST_PUT)) {
        await client.send(new PutVectorsCommand({ ...place, vectors: piece.map(storedOf) }));
      }
    },
    delete: async (ids) => {
      const { DeleteVectorsCommand } = await sdk();
      for (const keys of piecesOf(ids, MOST_DELETED)) {
        await client.send(new DeleteVectorsCommand({ ...place, keys }));
      }
    },
    query: async (vector, { space, limit }) => {
      const { QueryVectorsCommand } = await sdk();
      const question = {
        ...place,
        topK: Math.min(limit, MOST_FOUND),
        queryVector: { float32: [...vector] },
        filter: { space: { $eq: space } },
        returnMetadata: true,
        returnDistance: true,
      };
      const found: Stored[] = [];
      let nextToken: string | undefined;
      do {
        const page: Page = await client.send(new QueryVectorsCommand({ ...question, nextToken }));
        found.push(...(page.vectors ?? []));
        ({ nextToken } = page);
      } while (nextToken !== undefined);
      return found.map(matchOf);
    },
  };
}

async function openIndex(
  client: S3VectorsClientLike,
  place: { readonly vectorBucketName: string; readonly indexName: string },
  { dimensions }: EmbeddingSpace,
): Promise<void> {
  const { CreateIndexCommand, GetIndexCommand } = await import('@aws-sdk/client-s3vectors');
  const look = async (): Promise<number | undefined> => {
    try {
      const { index } = (await client.send(new GetIndexCommand(place))) as { index?: { dimension?: number } };
      return index?.dimension;
    } catch (error) {
      if (isNamed(error, 'NotFoundException')) return undefined;
      throw error;
    }
  };
  const held = await look();
  if (held === undefined) {
    const index = { dataType: 'float32', dimension: dimensions, distanceMetric: 'cosine' } as const;
    const metadataConfiguration = { nonFilterableMetadataKeys: NOT_FILTERABLE };
    await client
      .send(new CreateIndexCommand({ ...place, ...index, metadataConfiguration }))
      .catch((error: unknown) => {
        // Another process was faster.
        if (!isNamed(error, 'ConflictException')) throw error;
      });
  } else if (held !== dimensions) {
    throw new EmbeddingError(
      'COSTKIT_EMBEDDINGS_STORE_FAILED',
      `the index ${place.indexName} holds vectors of ${held} numbers, and these have ${dimensions}. Name another index, and delete the old one once it is filled`,
    );
  }
}

function storedOf({ id, vector, metadata, ...record }: SinkRecord) {
  return {
    key: id,
    data: { float32: [...vector] },
    metadata: { ...record, ...(metadata === undefined ? {} : { details: JSON.stringify(metadata) }) },
  };
}

function matchOf({ key, distance = Number.NaN, metadata = {} }: Stored): SinkMatch {
  const { document, position, start, hash, text, details } = metadata as unknown as SinkMatch & {
    details?: string;
  };
  return {
    id: key,
    document,
    position,
    start,
    hash,
    text,
    score: 1 - distance,
    ...(details === undefined ? {} : { metadata: JSON.parse(details) }),
  };
}
