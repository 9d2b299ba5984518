import type { CatalogueModel } from '@costkit/pricing/catalogue';
import type { JsonObject } from '../json.js';

/** One thing to embed. */
export interface EmbeddingInput {
  /** Text, which is counted. */
  readonly text: string;
  /** What stands for media in the vector. @defaultValue the text alone */
  readonly media?: string;
  /** Tokens of an image that is billed by tokens. */
  readonly mediaTokens?: number;
}

/** A read embedding request. */
interface EmbeddingRequest {
  readonly inputs: readonly EmbeddingInput[];
  readonly dimensions: number;
  /** What is billed by piece instead of by token, by the catalogue's name, e.g. `{ image: 1 }`. */
  readonly units: Readonly<Record<string, number>>;
  /** Longest input in tokens; a longer one is an error or is cut, as `overflow` says. */
  readonly maxInputTokens?: number;
  /** @defaultValue `"error"` */
  readonly overflow?: 'error' | 'cut';
  /** Representations the response holds. */
  readonly types: readonly string[];
}

/** A request and response format of embedding models. */
export interface EmbeddingDialect {
  /** @throws {@link BedrockFault} with the service's text for a wrong body. */
  readRequest(body: JsonObject, model: CatalogueModel): EmbeddingRequest;
  responseBody(result: {
    readonly request: EmbeddingRequest;
    readonly body: JsonObject;
    readonly model: CatalogueModel;
    readonly vectors: readonly (readonly number[])[];
    readonly inputTokens: number;
    readonly requestId: string;
  }): JsonObject;
}
