import { randomUUID } from 'node:crypto';
import type { InferenceEngine, InferenceResult } from '../contract.js';
import { readConverseRequest } from '../dialects/converse-request.js';
import { converseBody } from '../dialects/converse-response.js';
import { invokeDialectOf } from '../dialects/invoke-dialects.js';
import { reportedInput } from '../dialects/usage-members.js';
import { draw } from '../draw.js';
import type { JsonObject } from '../json.js';
import type { Prompt } from '../prompt.js';
import { BedrockFault, validation } from '../wire/bedrock-fault.js';
import type { EngineParts, InferenceCall } from './engine-parts.js';
import { drain, type Inference, openInference } from './open-inference.js';
import { promptItems, totalTokens } from './prompt-items.js';
import { resolveModel, type ServedModel, serveModel } from './resolve-model.js';
import { type EmbeddingResult, runEmbedding } from './run-embedding.js';
import { type RerankResult, runRerank } from './run-rerank.js';

/** The engine with what only the runtime routes need. */
export interface RuntimeEngine extends InferenceEngine {
  /**
   * The model behind a request's id; a prompt router chooses by the body.
   * @throws {@link BedrockFault} when it cannot be called.
   */
  serve(modelId: string, region: string, body: JsonObject): ServedModel;
  /** Lets a request in. @throws {@link BedrockFault} when the service would refuse it. */
  open(call: InferenceCall, served: ServedModel, prompt: Prompt): Inference;
  /** Computes and bills embeddings. @throws {@link BedrockFault} when the service would refuse the body. */
  embed(call: InferenceCall, served: ServedModel, body: JsonObject): EmbeddingResult;
  /** Orders documents and bills it. @throws {@link BedrockFault} when the service would refuse the body. */
  rerank(call: InferenceCall, served: ServedModel, body: JsonObject): RerankResult;
  /** Input tokens of a prompt, cache or not. */
  countInput(prompt: Prompt, modelId: string): number;
}

type RunRequest = Parameters<InferenceEngine['run']>[0];

/** Makes the part of the server that computes and bills inferences, whatever route they come by. */
export function createInferenceEngine(parts: EngineParts): RuntimeEngine {
  const { catalogue, aliases, clock, region } = parts;

  function serve(modelId: string, callRegion: string, body: JsonObject): ServedModel {
    const choices = parts.promptRouters[modelId];
    if (choices !== undefined) {
      const at = Math.floor(
        draw('route', parts.seed, JSON.stringify(body['messages'] ?? body)) * choices.length,
      );
      const chosen = choices[at] ?? '';
      const routed = serve(chosen, callRegion, body);
      const kind = chosen === routed.model.id ? 'foundation-model' : 'inference-profile';
      const account = kind === 'foundation-model' ? '' : parts.accountId;
      return { ...routed, routedTo: `arn:aws:bedrock:${callRegion}:${account}:${kind}/${chosen}` };
    }
    const served = serveModel(modelId, catalogue, aliases, callRegion);
    const { endOfLife } = served.model.lifecycle;
    if (endOfLife !== undefined && Date.parse(endOfLife) <= clock.now()) {
      throw new BedrockFault(
        'ResourceNotFoundException',
        'This model version has reached the end of its life. Please refer to the AWS documentation for more details.',
      );
    }
    return served;
  }

  async function runChecked(request: RunRequest): Promise<InferenceResult> {
    const { modelId, shape, body, mode } = request;
    const served = serve(modelId, region, body);
    const { model } = served;
    if (mode.batch && !model.capabilities.batch) {
      throw validation('The provided model does not support batch inference.');
    }
    const call: InferenceCall = {
      requestId: randomUUID(),
      operation: shape,
      modelId,
      region,
      signal: new AbortController().signal,
      streamed: false,
      requestedMode: {},
      mode,
    };
    if (shape === 'InvokeModel' && model.kind === 'embedding') {
      const result = runEmbedding(parts, call, served, body);
      return { ok: true, body: { ...result.body }, inputTokens: result.usage.split.input, outputTokens: 0 };
    }
    const dialect = shape === 'InvokeModel' ? invokeDialectOf(model, body) : undefined;
    const prompt =
      dialect === undefined ? readConverseRequest(body, model) : dialect.readRequest(body, model);
    const inference = openInference(parts, call, served, prompt);
    await drain(inference.events());
    inference.settle(true);
    const finished = inference.finished();
    return {
      ok: true,
      body: {
        ...(dialect === undefined ? converseBody(finished, {}) : dialect.responseBody(finished, prompt)),
      },
      inputTokens: reportedInput(model, inference.split),
      outputTokens: finished.usage.outputTokens,
    };
  }

  return {
    serve,
    open: (call, served, prompt) => openInference(parts, call, served, prompt),
    embed: (call, served, body) => runEmbedding(parts, call, served, body),
    rerank: (call, served, body) => runRerank(parts, call, served, body),
    resolve: (modelId) => resolveModel(modelId, catalogue, aliases, region),
    countInput: (prompt, modelId) => totalTokens(promptItems(prompt, modelId, parts.tokenizer, false)),
    async run(request) {
      try {
        return await runChecked(request);
      } catch (error) {
        if (!(error instanceof BedrockFault)) throw error;
        return { ok: false, status: error.status, code: error.code, message: error.message };
      }
    },
  };
}
