import { embeddingDialectOf } from '../dialects/embedding-dialects.js';
import type { ReportedUsage } from '../dialects/usage-members.js';
import type { JsonObject } from '../json.js';
import { embedText } from '../models/embed-text.js';
import type { BillLine } from '../money/ledger.js';
import { validation } from '../wire/bedrock-fault.js';
import { readCallMode } from './call-mode.js';
import { type EngineParts, type InferenceCall, lineHead, partitionOf } from './engine-parts.js';
import type { ServedModel } from './resolve-model.js';

/** A finished embedding call. */
export interface EmbeddingResult {
  readonly body: JsonObject;
  readonly usage: ReportedUsage;
  readonly line: BillLine;
}

/** Computes and bills the embeddings of one body. @throws {@link BedrockFault} when the service would refuse it. */
export function runEmbedding(
  parts: EngineParts,
  call: InferenceCall,
  served: ServedModel,
  body: JsonObject,
): EmbeddingResult {
  const { model, scope, billing } = served;
  const mode = call.mode ?? readCallMode(call.requestedMode, model, parts.reservedModels);
  const dialect = embeddingDialectOf(model);
  const request = dialect.readRequest(body, model);
  const most = request.maxInputTokens ?? Number.POSITIVE_INFINITY;
  let inputTokens = 0;
  for (const { text, mediaTokens = 0 } of request.inputs) {
    const counted = parts.tokenizer.count(text, model.id);
    if (counted > most && request.overflow !== 'cut') {
      throw validation(
        `400 Bad Request: Too many input tokens. Max input tokens: ${most}, request input token count: ${counted}`,
      );
    }
    inputTokens += Math.min(counted, most) + mediaTokens;
  }
  if (!mode.batch) {
    parts.quotas.reserve([call.modelId, model.id], partitionOf(parts, call, model), inputTokens);
  }
  const split = { input: inputTokens, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
  const line = parts.ledger.book({
    ...lineHead(call),
    model,
    scope,
    mode,
    billing,
    tokens: { ...split, output: 0, cacheWrite30m: 0 },
    units: request.units,
    answerComplete: true,
  });
  return {
    body: dialect.responseBody({
      request,
      body,
      model,
      vectors: request.inputs.map(({ text, media = '' }) => embedText(text + media, request.dimensions)),
      inputTokens,
      requestId: call.requestId,
    }),
    usage: { split, outputTokens: 0, thinkingTokens: 0, cachePointSent: false },
    line,
  };
}
