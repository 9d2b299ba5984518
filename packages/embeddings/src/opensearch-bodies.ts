import type { SinkRecord, Vector } from './types.js';

/** What creates an index: a field of vectors, and what is filtered and sorted by. */
export interface IndexBody {
  settings: { index: { knn: boolean } };
  mappings: { dynamic: false; properties: Record<string, FieldMapping> };
}

type FieldMapping =
  | { type: 'keyword' | 'integer' | 'text' }
  | { type: 'object'; enabled: boolean }
  | {
      type: 'knn_vector';
      dimension: number;
      method: { name: string; engine: string; space_type: string };
    };

/** @param dimension - numbers in a vector. */
export function indexBody(dimension: number): IndexBody {
  const keywords = ['id', 'space', 'document', 'hash', 'revision'];
  return {
    settings: { index: { knn: true } },
    mappings: {
      dynamic: false,
      properties: {
        vector: {
          type: 'knn_vector',
          dimension,
          method: { name: 'hnsw', engine: 'lucene', space_type: 'cosinesimil' },
        },
        ...Object.fromEntries(keywords.map((name) => [name, { type: 'keyword' as const }])),
        position: { type: 'integer' },
        start: { type: 'integer' },
        text: { type: 'text' },
        metadata: { type: 'object', enabled: false },
      },
    },
  };
}

/** A page of records, in the order of their ids. */
export interface ListBody {
  size: number;
  sort: { id: 'asc' }[];
  _source: string[];
  query: { match_all: object };
  search_after?: string[];
}

/** @param after - the last id of the page before. */
export function listBody(size: number, after: string | undefined): ListBody {
  return {
    size,
    sort: [{ id: 'asc' }],
    _source: ['id', 'space', 'hash', 'revision'],
    query: { match_all: {} },
    ...(after === undefined ? {} : { search_after: [after] }),
  };
}

/** The records nearest to a vector; the filter is applied within the search, so that as many are found as are asked for. */
export interface NearestBody {
  size: number;
  _source: { excludes: string[] };
  query: { knn: { vector: { vector: number[]; k: number; filter: { term: { space: string } } } } };
}

/** @param limit - most records. */
export function nearestBody(vector: Vector, space: string, limit: number): NearestBody {
  return {
    size: limit,
    _source: { excludes: ['vector'] },
    query: { knn: { vector: { vector: [...vector], k: limit, filter: { term: { space } } } } },
  };
}

/** Lines of a bulk request: each record behind the operation that writes it. */
export type Operation =
  | { index: { _id: string } }
  | { delete: { _id: string } }
  | (Omit<SinkRecord, 'vector'> & { vector: number[] });

/** Lines that write records, or remove them. */
export function operations(
  work: { readonly records: readonly SinkRecord[] } | { readonly ids: readonly string[] },
): Operation[] {
  if ('ids' in work) return work.ids.map((_id) => ({ delete: { _id } }));
  return work.records.flatMap((record): Operation[] => [
    { index: { _id: record.id } },
    { ...record, vector: [...record.vector] },
  ]);
}
