import { checkOptions, InvalidOptionError, isObject, isText } from '@costkit/core';
import { EmbeddingError } from './errors.js';
import { indexBody, listBody, nearestBody, operations } from './opensearch-bodies.js';
import { piecesOf } from './pieces-of.js';
import type { EmbeddingSpace, SinkEntry, SinkMatch, SinkRecord, VectorSink } from './types.js';

/** The part of a `Client` of `@opensearch-project/opensearch` that is used. */
export interface OpenSearchClientLike {
  /** What sends requests. */
  readonly transport: {
    /** As the client's own. */
    // biome-ignore lint/suspicious/noExplicitAny: what the parameters are called differs between versions.
    request(parameters: any): Promise<any>;
  };
}

/** Where {@link openSearchSink} keeps its records. */
export interface OpenSearchSinkOptions {
  /** A `Client` of `@opensearch-project/opensearch`. */
  readonly client: OpenSearchClientLike;
  /** Name of the index; it is made where there is none. */
  readonly index: string;
}

/** Records of one page, and of one request. */
const PAGE = 1_000;

interface Hit {
  readonly _score: number;
  readonly _source: SinkRecord;
}

/**
 * A sink in OpenSearch 2.4 or newer, on a domain or a server of your own. Vector collections of OpenSearch Serverless take no
 * ids of the client's own, so they cannot be kept in step by this sink. An index has one length of vectors. What was paid is
 * kept in an index beside it (`index` of `syncEmbeddings`). Needs `@opensearch-project/opensearch`.
 *
 * @throws `InvalidOptionError` for options; its methods throw what the client throws, as the same object, and
 * {@link EmbeddingError} where records are refused or the index holds vectors of another length.
 *
 * @example
 * ```ts
 * const sink = openSearchSink({ client: new Client({ node }), index: 'handbook' });
 * ```
 */
export function openSearchSink(options: OpenSearchSinkOptions): VectorSink {
  checkOptions<OpenSearchSinkOptions>('embeddings', options, { client: isObject, index: isText });
  for (const name of ['client', 'index'] as const) {
    if (options[name] === undefined) throw new InvalidOptionError('embeddings', name, 'is missing');
  }
  const { client, index } = options;
  // What this process has written is found by its next search; others see it within the index's own interval.
  let isDirty = true;
  const ask = async <Body>(method: string, path: string, more: object = {}): Promise<Body> =>
    ((await client.transport.request({ method, path: `/${index}${path}`, ...more })) as { body: Body }).body;
  const search = async (body: object): Promise<Hit[]> => {
    if (isDirty) await ask('POST', '/_refresh');
    isDirty = false;
    return (await ask<{ hits: { hits: Hit[] } }>('POST', '/_search', { body })).hits.hits;
  };
  const bulk = async (lines: readonly object[], perRecord: number): Promise<void> => {
    isDirty = true;
    for (const bulkBody of piecesOf(lines, PAGE * perRecord)) {
      const { errors, items } = await ask<BulkAnswer>('POST', '/_bulk', { bulkBody });
      isDirty = true;
      if (errors) refuseErrors(items, index);
    }
  };
  return {
    name: `opensearch ${index}`,
    open: (space) => openIndex(ask, index, space),
    list: async function* list(): AsyncGenerator<SinkEntry> {
      let after: string | undefined;
      for (;;) {
        const hits = await search(listBody(PAGE, after));
        for (const { _source } of hits) yield _source;
        const last = hits.at(-1);
        if (last === undefined || hits.length < PAGE) return;
        after = last._source.id;
      }
    },
    upsert: (records) => bulk(operations({ records }), 2),
    delete: (ids) => bulk(operations({ ids }), 1),
    query: async (vector, { space, limit }) => (await search(nearestBody(vector, space, limit))).map(matchOf),
  };
}

interface BulkAnswer {
  readonly errors: boolean;
  readonly items: readonly Readonly<Record<string, { readonly error?: { readonly type?: string } }>>[];
}

function refuseErrors(items: BulkAnswer['items'], index: string): void {
  // A record that is not there to be deleted has a status of its own, and no error.
  const failed = items.flatMap((item) => Object.values(item)).filter(({ error }) => error !== undefined);
  if (failed.length === 0) return;
  throw new EmbeddingError(
    'COSTKIT_EMBEDDINGS_STORE_FAILED',
    `OpenSearch has refused ${failed.length} records of ${index} (${failed[0]?.error?.type ?? 'no reason given'}). Run the sync again: what was paid is kept`,
  );
}

async function openIndex(
  ask: <Body>(method: string, path: string, more?: object) => Promise<Body>,
  index: string,
  { dimensions }: EmbeddingSpace,
): Promise<void> {
  try {
    await ask('PUT', '', { body: indexBody(dimensions) });
  } catch (error) {
    const { type } = ((error as { body?: { error?: { type?: string } } }).body?.error ?? {}) as {
      type?: string;
    };
    if (type !== 'resource_already_exists_exception') throw error;
    const mapping = await ask<
      Record<string, { mappings?: { properties?: { vector?: { dimension?: number } } } }>
    >('GET', '/_mapping');
    const held = Object.values(mapping)[0]?.mappings?.properties?.vector?.dimension;
    if (held === dimensions) return;
    throw new EmbeddingError(
      'COSTKIT_EMBEDDINGS_STORE_FAILED',
      `the index ${index} holds vectors of ${held ?? 'an unknown number of'} numbers, and these have ${dimensions}. Name another index, and delete the old one once it is filled`,
    );
  }
}

function matchOf({ _score, _source }: Hit): SinkMatch {
  const { id, document, position, start, hash, text, metadata } = _source;
  return {
    id,
    document,
    position,
    start,
    hash,
    text,
    // OpenSearch scores (1 + cosine) / 2 (documentation of k-NN spaces).
    score: 2 * _score - 1,
    ...(metadata === undefined ? {} : { metadata }),
  };
}
