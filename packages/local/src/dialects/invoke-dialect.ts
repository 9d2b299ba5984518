import type { CatalogueModel } from '@costkit/pricing/catalogue';
import type { JsonObject } from '../json.js';
import type { AnswerEvent } from '../models/play-answer.js';
import type { Prompt } from '../prompt.js';
import type { FinishedAnswer } from './finished-answer.js';

/** What is known when a stream begins. */
export interface StreamStart {
  readonly requestId: string;
  readonly model: CatalogueModel;
  readonly prompt: Prompt;
  /** The answer so far: its input counts hold from the start. */
  finished(): FinishedAnswer;
}

/** Writes the chunks of a stream in the provider's own format. */
export interface ChunkWriter {
  readonly start: () => readonly JsonObject[];
  readonly event: (event: AnswerEvent) => readonly JsonObject[];
  /** The last chunks; `metrics` is `amazon-bedrock-invocationMetrics`. */
  readonly end: (answer: FinishedAnswer, metrics: JsonObject) => readonly JsonObject[];
}

/** A request and response format of InvokeModel. */
export interface InvokeDialect {
  /** Reads and checks a body. @throws {@link BedrockFault} with the provider's or Bedrock's text. */
  readRequest(body: JsonObject, model: CatalogueModel): Prompt;
  responseBody(answer: FinishedAnswer, prompt: Prompt): JsonObject;
  createChunkWriter(start: StreamStart): ChunkWriter;
}
