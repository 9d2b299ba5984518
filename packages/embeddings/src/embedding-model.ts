import { InvalidOptionError } from '@costkit/core';
import { type ResolvedModel, resolveModel, UnknownModelError } from '@costkit/pricing';
import {
  EMBEDDING_DIALECTS,
  type EmbeddingDialect,
  MOST_CHARACTERS,
  OFFERED_DIMENSIONS,
} from './embedding-dialects.js';
import { spaceKey } from './embedding-space.js';
import { EmbeddingError } from './errors.js';

/** Which model embeds, and how long its vectors are. */
export interface ModelChoice {
  /** Id or ARN of an embedding model: Titan, Nova or Cohere Embed. */
  readonly model: string;
  /** Numbers in a vector. @defaultValue the model's own default */
  readonly dimensions?: number;
  /** Models behind ARNs that do not name their model: ARN to model id or profile. @defaultValue none */
  readonly models?: Readonly<Record<string, string>>;
}

/** A model that can embed, with what it must be asked for. */
export interface EmbeddingModel {
  /** As the caller named it: what is sent. */
  readonly modelId: string;
  readonly resolved: ResolvedModel;
  readonly dialect: EmbeddingDialect;
  readonly dimensions: number;
  /** What the request says; `undefined` where the model has one length only. */
  readonly askedDimensions: number | undefined;
  /** As {@link spaceKey} writes it. */
  readonly space: string;
  readonly maxTokens: number;
  readonly maxCharacters: number;
}

/**
 * Finds the model.
 *
 * @throws `UnknownModelError` for one that the catalogue does not know, {@link EmbeddingError} for one that does not
 * embed, `InvalidOptionError` for a length that it does not offer.
 */
export function embeddingModel({ model: modelId, dimensions, models = {} }: ModelChoice): EmbeddingModel {
  const resolved = resolveModel(Object.hasOwn(models, modelId) ? (models[modelId] as string) : modelId);
  if (resolved === undefined) {
    throw new UnknownModelError(
      modelId,
      'Name an embedding model, or say in "models" what stands behind the ARN.',
    );
  }
  const { id, dialect: name, contextWindow = Number.POSITIVE_INFINITY } = resolved.model;
  const dialect = EMBEDDING_DIALECTS[name];
  const offered = OFFERED_DIMENSIONS[id];
  if (dialect === undefined || offered === undefined) {
    throw new EmbeddingError(
      'COSTKIT_EMBEDDINGS_MODEL_UNSUPPORTED',
      `${id} does not embed texts. Choose one of ${Object.keys(OFFERED_DIMENSIONS).join(', ')}`,
    );
  }
  const chosen = dimensions ?? (offered[0] as number);
  if (!offered.includes(chosen)) {
    throw new InvalidOptionError(
      'embeddings',
      'dimensions',
      `must be one of ${offered.join(', ')} for ${id}`,
    );
  }
  return {
    modelId,
    resolved,
    dialect,
    dimensions: chosen,
    askedDimensions: offered.length > 1 ? chosen : undefined,
    space: spaceKey({ model: id, dimensions: chosen }),
    maxTokens: contextWindow,
    maxCharacters: MOST_CHARACTERS[id] ?? Number.POSITIVE_INFINITY,
  };
}
