import { cosine } from '../src/cosine.js';
import { type JsonAnswer, serveJson } from './json-server.js';

type Document = Readonly<Record<string, unknown>> & { readonly id: string; readonly vector: number[] };

interface Search {
  readonly size: number;
  readonly search_after?: readonly string[];
  readonly query: {
    readonly knn?: {
      readonly vector: {
        readonly vector: number[];
        readonly k: number;
        readonly filter: { readonly term: { readonly space: string } };
      };
    };
  };
}

const fault = (status: number, type: string): JsonAnswer => ({ status, body: { error: { type }, status } });

/**
 * As much of OpenSearch as the sink needs, after its REST reference (create index, mapping, bulk, refresh, search with
 * search_after and knn), written here because npm has no server of it. What is written is found after a refresh.
 */
export const serveOpenSearch = () => {
  const indexes = new Map<
    string,
    {
      readonly mappings: unknown;
      readonly dimension: number;
      readonly written: Map<string, Document>;
      found: readonly Document[];
    }
  >();
  return serveJson(({ method, path, body }) => {
    const [, name = '', action = ''] = path.split('/');
    const index = indexes.get(name);
    if (method === 'PUT') {
      if (index !== undefined) return fault(400, 'resource_already_exists_exception');
      const { mappings } = JSON.parse(body) as {
        mappings: { properties: { vector: { dimension: number } } };
      };
      const { dimension } = mappings.properties.vector;
      indexes.set(name, { mappings, dimension, written: new Map(), found: [] });
      return { body: { acknowledged: true } };
    }
    if (index === undefined) return fault(404, 'index_not_found_exception');
    if (action === '_mapping') return { body: { [name]: { mappings: index.mappings } } };
    if (action === '_refresh') {
      index.found = [...index.written.values()];
      return { body: {} };
    }
    if (action === '_bulk') return { body: writeAll(index.written, index.dimension, body) };
    return { body: { hits: { hits: hitsOf(index.found, JSON.parse(body) as Search) } } };
  });
};

function writeAll(written: Map<string, Document>, dimension: number, body: string): unknown {
  const lines = body
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const items: unknown[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const { index, delete: removed } = lines[at] as { index?: { _id: string }; delete?: { _id: string } };
    if (removed !== undefined) {
      items.push({ delete: { status: written.delete(removed._id) ? 200 : 404 } });
      continue;
    }
    at += 1;
    const document = lines[at] as unknown as Document;
    if (document.vector.length !== dimension) {
      items.push({ index: { status: 400, error: { type: 'mapper_parsing_exception' } } });
      continue;
    }
    written.set(index?._id ?? '', document);
    items.push({ index: { status: 200 } });
  }
  return { errors: items.some((item) => 'error' in Object.values(item as object)[0]), items };
}

function hitsOf(
  documents: readonly Document[],
  { size, search_after: [after = ''] = [], query }: Search,
): unknown[] {
  const { knn } = query;
  if (knn === undefined) {
    return documents
      .filter(({ id }) => id > after)
      .sort((one, other) => (one.id < other.id ? -1 : 1))
      .slice(0, size)
      .map((document) => ({ _score: null, _source: document, sort: [document.id] }));
  }
  const { vector, k, filter } = knn.vector;
  return documents
    .filter((document) => document['space'] === filter.term.space)
    .map(({ vector: own, ...document }) => ({
      _score: (1 + cosine(Float32Array.from(vector), Float32Array.from(own))) / 2,
      _source: document,
    }))
    .sort((one, other) => other._score - one._score)
    .slice(0, Math.min(k, size));
}
