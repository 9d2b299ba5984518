import type { FindContext, SampledRequest } from './find.js';

/** Requests of a task that are looked at: their parameters seldom differ. */
const SAMPLES = 12;

/** Components where a request does not say: model parameters of the user guide. */
const DEFAULT_DIMENSIONS: ReadonlyMap<string, number> = new Map([
  ['amazon.titan-embed-text-v1', 1_536],
  ['amazon.titan-embed-g1-text-02', 1_536],
  ['amazon.titan-embed-text-v2:0', 1_024],
  ['amazon.titan-embed-image-v1', 1_024],
  ['amazon.nova-2-multimodal-embeddings-v1:0', 3_072],
  ['cohere.embed-english-v3', 1_024],
  ['cohere.embed-multilingual-v3', 1_024],
  ['cohere.embed-v4:0', 1_536],
]);

/** Vectors that the embedding calls of the logs have made. */
export interface EmbeddedVectors {
  /** Different texts that may be in a store: all but those known to be questions, labels or clusters. */
  readonly vectors: number;
  /** The most components of any of them. */
  readonly dimensions: number;
  /** Calls that may be questions: all but those known to be documents, labels or clusters. */
  readonly queries: number;
  readonly calls: number;
  /** Ids of some requests. */
  readonly evidence: readonly string[];
}

interface EmbeddingGroup {
  readonly model_id: string;
  readonly texts: bigint;
  readonly calls: bigint;
  readonly ids: readonly string[];
}

const GROUPS = `SELECT model_id, count(DISTINCT prompt) AS texts, count(*) AS calls,
    list(request_id ORDER BY hash(request_id))[1:${SAMPLES}] AS ids
  FROM priced WHERE kind = 'embedding' AND error IS NULL AND prompt IS NOT NULL AND request_id IS NOT NULL
  GROUP BY task, model_id ORDER BY task, model_id`;

type Purpose = 'document' | 'query' | 'other' | 'unknown';

interface Shape {
  readonly purpose: Purpose;
  readonly texts: number;
  readonly dimensions: number | undefined;
}

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;

/** What a text is embedded for, by Cohere's `input_type` and Nova's `embeddingPurpose`; Titan is not told. */
function purposeOf(value: unknown): Purpose {
  if (typeof value !== 'string') return 'unknown';
  if (value === 'search_document' || value === 'GENERIC_INDEX') return 'document';
  if (value === 'search_query' || value.endsWith('_RETRIEVAL')) return 'query';
  return /^(classification|clustering)$/i.test(value) ? 'other' : 'unknown';
}

function shapeOf({ body }: SampledRequest, fallback: number | undefined): Shape {
  const request = body as Readonly<Record<string, unknown>>;
  const single = (request['singleEmbeddingParams'] ?? {}) as Readonly<Record<string, unknown>>;
  const texts = request['texts'] ?? request['inputs'];
  return {
    purpose: purposeOf(request['input_type'] ?? single['embeddingPurpose']),
    texts: Array.isArray(texts) ? texts.length : 1,
    dimensions:
      numberOf(request['dimensions']) ??
      numberOf(request['output_dimension']) ??
      numberOf(single['embeddingDimension']) ??
      fallback,
  };
}

/**
 * Counts vectors and questions in the embedding calls: texts by their hashes, and what they are for and how long their
 * vectors are from a sample of each task's requests. What may be either counts as both.
 *
 * @returns `undefined` when there are none, or requests cannot be looked at.
 */
export async function embeddedVectors({
  database,
  pricing,
  samples,
}: FindContext): Promise<EmbeddedVectors | undefined> {
  const groups = await database.all<EmbeddingGroup>(GROUPS);
  const bodies = await samples(groups.flatMap(({ ids }) => ids));
  const sum = { vectors: 0, dimensions: 0, queries: 0, calls: 0, evidence: [] as string[] };
  for (const { model_id, texts, calls, ids } of groups) {
    const fallback = DEFAULT_DIMENSIONS.get(pricing.resolve(model_id)?.model.id ?? '');
    const shapes = ids.flatMap((id) => {
      const sampled = bodies.get(id);
      return sampled === undefined ? [] : [shapeOf(sampled, fallback)];
    });
    const dimensions = Math.max(0, ...shapes.map((shape) => shape.dimensions ?? 0));
    if (shapes.length === 0 || dimensions === 0) return undefined;
    const shareOf = (...purposes: readonly Purpose[]): number =>
      shapes.filter(({ purpose }) => purposes.includes(purpose)).length / shapes.length;
    const stored = shareOf('document', 'unknown');
    const each = shapes.reduce((all, shape) => all + shape.texts, 0) / shapes.length;
    sum.vectors += Math.round(Number(texts) * each * stored);
    sum.queries += Math.round(Number(calls) * shareOf('query', 'unknown'));
    sum.calls += Number(calls);
    if (stored > 0) {
      sum.dimensions = Math.max(sum.dimensions, dimensions);
      sum.evidence.push(...ids.slice(0, 2));
    }
  }
  return sum.vectors === 0 ? undefined : sum;
}
