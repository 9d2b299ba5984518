import type { Dialect } from '@costkit/pricing';

/** What texts are embedded for: models with two kinds of vectors find documents by queries. */
export type EmbeddingPurpose = 'document' | 'query';

type Body = Readonly<Record<string, unknown>>;

/** How one family of embedding models is asked through InvokeModel. */
export interface EmbeddingDialect {
  /** Most texts of one request. */
  readonly mostTexts: number;
  /** @param dimensions - `undefined` where the model leaves no choice. */
  body(texts: readonly string[], purpose: EmbeddingPurpose, dimensions: number | undefined): Body;
  /** One vector for each text, in their order. */
  vectors(answer: Body): readonly unknown[];
}

const record = (value: unknown): Body => (typeof value === 'object' && value !== null ? (value as Body) : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** User guide, model-parameters-titan-embed-text. */
const titan: EmbeddingDialect = {
  mostTexts: 1,
  body: ([inputText], _, dimensions) => ({
    inputText,
    // The first generation takes no other member.
    ...(dimensions === undefined ? {} : { dimensions, normalize: true }),
  }),
  vectors: ({ embedding }) => [embedding],
};

/** User guide, model-parameters-titan-embed-mm. */
const titanImage: EmbeddingDialect = {
  mostTexts: 1,
  body: ([inputText], _, dimensions) => ({
    inputText,
    ...(dimensions === undefined ? {} : { embeddingConfig: { outputEmbeddingLength: dimensions } }),
  }),
  vectors: ({ embedding }) => [embedding],
};

/** User guide, model-parameters-embed-v3 and -v4: at most 96 texts; v4 answers by type. */
const cohere: EmbeddingDialect = {
  mostTexts: 96,
  body: (texts, purpose, dimensions) => ({
    texts,
    input_type: purpose === 'query' ? 'search_query' : 'search_document',
    embedding_types: ['float'],
    ...(dimensions === undefined ? {} : { output_dimension: dimensions }),
  }),
  vectors: ({ embeddings }) => list(Array.isArray(embeddings) ? embeddings : record(embeddings)['float']),
};

/** Recorded requests of the Vercel AI SDK (evidence of `@costkit/pricing`); a cut text would be found by its head alone. */
const nova: EmbeddingDialect = {
  mostTexts: 1,
  body: ([value], purpose, embeddingDimension) => ({
    taskType: 'SINGLE_EMBEDDING',
    singleEmbeddingParams: {
      embeddingPurpose: purpose === 'query' ? 'TEXT_RETRIEVAL' : 'GENERIC_INDEX',
      ...(embeddingDimension === undefined ? {} : { embeddingDimension }),
      text: { truncationMode: 'NONE', value },
    },
  }),
  vectors: ({ embeddings }) => list(embeddings).map((one) => record(one)['embedding']),
};

/** By the catalogue's name for the request body. */
export const EMBEDDING_DIALECTS: Readonly<Partial<Record<Dialect, EmbeddingDialect>>> = {
  'titan-embed': titan,
  'titan-embed-image': titanImage,
  'cohere-embed': cohere,
  'nova-embed': nova,
};

/**
 * Lengths of vectors that models offer, the default first; the catalogue does not hold them. User guide,
 * model-parameters-titan-embed-text, -titan-embed-mm, -embed-v3, -embed-v4; Nova: recorded requests.
 */
export const OFFERED_DIMENSIONS: Readonly<Record<string, readonly number[]>> = {
  'amazon.titan-embed-text-v2:0': [1024, 512, 256],
  'amazon.titan-embed-text-v1': [1536],
  'amazon.titan-embed-g1-text-02': [1536],
  'amazon.titan-embed-image-v1': [1024, 384, 256],
  'amazon.nova-2-multimodal-embeddings-v1:0': [3072, 1024, 384, 256],
  'cohere.embed-english-v3': [1024],
  'cohere.embed-multilingual-v3': [1024],
  'cohere.embed-v4:0': [1536, 1024, 512, 256],
};

/** Most characters of a text, where a model counts them (user guide, model-parameters-embed-v3). */
export const MOST_CHARACTERS: Readonly<Record<string, number>> = {
  'cohere.embed-english-v3': 2048,
  'cohere.embed-multilingual-v3': 2048,
};
