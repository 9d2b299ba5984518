import { randomUUID } from 'node:crypto';
import type { CatalogueModel } from '@costkit/pricing/catalogue';
import type { CallMode, InferenceEngine, InferenceResult, LocalClock } from '../contract.js';
import { readConverseRequest } from '../dialects/converse-request.js';
import { converseBody } from '../dialects/converse-response.js';
import {
  type AnswerCollector,
  createAnswerCollector,
  type FinishedAnswer,
} from '../dialects/finished-answer.js';
import { invokeDialectOf } from '../dialects/invoke-dialects.js';
import { cacheWriteOf, reportedInput } from '../dialects/usage-members.js';
import type { JsonObject } from '../json.js';
import type { LocalModel, ModelRequest } from '../models/local-model.js';
import { type AnswerEvent, playAnswer, playStream } from '../models/play-answer.js';
import type { BillLine, Ledger } from '../money/ledger.js';
import type { CacheItem, CacheSplit, PromptCache } from '../money/prompt-cache.js';
import type { Tokenizer } from '../money/tokenizer.js';
import type { Prompt, PromptBlock } from '../prompt.js';
import type { QuotaReservation, Quotas } from '../quotas/token-buckets.js';
import { BedrockFault, validation } from '../wire/bedrock-fault.js';
import { ON_DEMAND, readCallMode } from './call-mode.js';
import { type ModelAliases, resolveModel, type ServedModel, serveModel } from './resolve-model.js';

/** Claude looks for an earlier entry so many blocks before a cache point ("simplified management"). */
const CLAUDE_LOOK_BACK_BLOCKS = 20;

/** What the engine is made of. */
export interface EngineParts {
  readonly catalogue: ReadonlyMap<string, CatalogueModel>;
  readonly aliases: ModelAliases;
  readonly clock: LocalClock;
  readonly accountId: string;
  readonly region: string;
  readonly seed: string;
  readonly tokenizer: Tokenizer;
  readonly promptCache: PromptCache;
  readonly quotas: Quotas;
  readonly ledger: Ledger;
  readonly reservedModels: ReadonlySet<string>;
  /** The model behind an id; the first argument is the id as called. */
  modelFor(calledId: string, modelId: string): LocalModel;
}

/** A request before anything is known about it but its route. */
export interface InferenceCall {
  readonly requestId: string;
  readonly operation: string;
  /** The id or ARN as called. */
  readonly modelId: string;
  readonly region: string;
  readonly signal: AbortSignal;
  readonly requestMetadata?: Readonly<Record<string, string>>;
  /** Tier and latency as the request names them. */
  readonly requestedMode: { readonly tier?: unknown; readonly latency?: unknown };
  /** Set for batch records, in place of `requestedMode`. */
  readonly mode?: CallMode;
}

/** An inference that was let in: validated, reserved, its input counted. */
export interface Inference {
  readonly requestId: string;
  readonly served: ServedModel;
  readonly prompt: Prompt;
  readonly split: CacheSplit;
  readonly collector: AnswerCollector;
  /** The answer's events; taking them fills the collector and the prompt cache. */
  events(): AsyncGenerator<AnswerEvent>;
  /** The answer so far, with its usage. */
  finished(): FinishedAnswer;
  /** Books the request, once; later calls return the same line. */
  settle(answerComplete: boolean): BillLine;
}

/** The engine with what only the runtime routes need. */
export interface RuntimeEngine extends InferenceEngine {
  /** The model behind a request's id. @throws {@link BedrockFault} when it cannot be called. */
  serve(modelId: string, region: string): ServedModel;
  /** Lets a request in. @throws {@link BedrockFault} when the service would refuse it. */
  open(call: InferenceCall, served: ServedModel, prompt: Prompt): Inference;
  /** Input tokens of a prompt, cache or not. */
  countInput(prompt: Prompt, modelId: string): number;
}

/** Makes the part of the server that computes and bills inferences, whatever route they come by. */
export function createInferenceEngine(parts: EngineParts): RuntimeEngine {
  const { catalogue, aliases, clock, ledger, quotas, tokenizer } = parts;

  const blockTokens = (block: PromptBlock, modelId: string): number =>
    tokenizer.count(block.text, modelId) + block.mediaTokens;

  function cacheItems(prompt: Prompt, modelId: string, batch: boolean): CacheItem[] {
    const item = (section: CacheItem['section'], block: PromptBlock, role: string): CacheItem => ({
      section,
      canonical: `${role}\u0000${block.canonical}`,
      tokens: blockTokens(block, modelId),
      // Batch inference has no prompt cache; that cache points are ignored there is assumed.
      ...(block.cachePoint === undefined || batch ? {} : { cachePoint: block.cachePoint }),
    });
    return [
      ...prompt.tools.map((block) => item('tools', block, '')),
      ...prompt.system.map((block) => item('system', block, '')),
      ...prompt.messages.flatMap(({ role, blocks }) => blocks.map((block) => item('messages', block, role))),
    ];
  }

  function serve(modelId: string, region: string): ServedModel {
    const served = serveModel(modelId, catalogue, aliases, region);
    const { endOfLife } = served.model.lifecycle;
    if (endOfLife !== undefined && Date.parse(endOfLife) <= clock.now()) {
      throw new BedrockFault(
        'ResourceNotFoundException',
        'This model version has reached the end of its life. Please refer to the AWS documentation for more details.',
      );
    }
    return served;
  }

  function open(call: InferenceCall, served: ServedModel, prompt: Prompt): Inference {
    const { model, scope } = served;
    const mode = call.mode ?? readCallMode(call.requestedMode, model, parts.reservedModels);
    const items = cacheItems(prompt, model.id, mode.batch);
    const inputTokens = items.reduce((sum, { tokens }) => sum + tokens, 0);
    if (model.contextWindow !== undefined && inputTokens > model.contextWindow) {
      throw validation('Input is too long for requested model.');
    }
    const partition = `${parts.accountId}/${call.region}/${model.id}`;
    const lookup = parts.promptCache.look({
      partition,
      rules: mode.batch ? undefined : model.capabilities.cache,
      items,
      messageSettings: prompt.thinking.mode,
      lookBackBlocks: model.dialect === 'anthropic' ? CLAUDE_LOOK_BACK_BLOCKS : 0,
    });
    const { split } = lookup;
    const maxTokens = prompt.maxTokens ?? model.maxOutputTokens ?? Number.POSITIVE_INFINITY;
    const reservation: QuotaReservation | undefined = mode.batch
      ? undefined
      : quotas.reserve(
          [call.modelId, model.id],
          partition,
          split.input + cacheWriteOf(split) + (Number.isFinite(maxTokens) ? maxTokens : 0),
        );
    const collector = createAnswerCollector();
    const startedAt = clock.now();
    let firstByteAt: number | undefined;
    let line: BillLine | undefined;

    async function* events(): AsyncGenerator<AnswerEvent> {
      lookup.commit();
      const limits = { maxTokens, stopSequences: prompt.stopSequences };
      const asked = modelRequest(prompt, model, call.signal);
      const local = parts.modelFor(call.modelId, model.id);
      const events =
        local.stream === undefined
          ? playAnswer(await local.answer(asked), limits, tokenizer, model.id)
          : playStream(local.stream(asked), limits, tokenizer, model.id);
      for await (const event of events) {
        firstByteAt ??= clock.now();
        // Counted when it is taken, so that what a client left behind is not billed.
        collector.take(event);
        yield event;
      }
    }

    return {
      requestId: call.requestId,
      served,
      prompt,
      split,
      collector,
      events,
      finished: () => ({
        requestId: call.requestId,
        model,
        parts: collector.parts,
        stopReason: collector.stopReason,
        ...(collector.stopSequence === undefined ? {} : { stopSequence: collector.stopSequence }),
        usage: {
          split,
          outputTokens: collector.outputTokens,
          thinkingTokens: collector.thinkingTokens,
          cachePointSent: items.some(({ cachePoint }) => cachePoint !== undefined),
        },
        latencyMs: clock.now() - startedAt,
        firstByteMs: (firstByteAt ?? clock.now()) - startedAt,
      }),
      settle(answerComplete) {
        if (line !== undefined) return line;
        const output = collector.outputTokens;
        reservation?.settle(split.input + cacheWriteOf(split) + output * model.capabilities.outputBurndown);
        line = ledger.book({
          requestId: call.requestId,
          operation: call.operation,
          modelId: call.modelId,
          model,
          scope,
          region: call.region,
          mode,
          tokens: { ...split, output, cacheWrite30m: 0 },
          units: {},
          answerComplete,
          ...(call.requestMetadata === undefined ? {} : { requestMetadata: call.requestMetadata }),
        });
        return line;
      },
    };
  }

  function modelRequest(prompt: Prompt, model: CatalogueModel, signal: AbortSignal): ModelRequest {
    const textIn = (blocks: readonly PromptBlock[]): string => blocks.map(({ text }) => text).join('\n');
    const lastUser = prompt.messages.findLast(
      ({ role, blocks }) => role === 'user' && blocks.some(({ kind }) => kind === 'text'),
    );
    return {
      modelId: model.id,
      prompt,
      systemText: textIn(prompt.system),
      userText: textIn(lastUser?.blocks ?? []),
      thinks: thinksNow(prompt, model),
      seed: parts.seed,
      countTokens: (text) => tokenizer.count(text, model.id),
      signal,
    };
  }

  async function run(request: Parameters<InferenceEngine['run']>[0]): Promise<InferenceResult> {
    try {
      const served = serve(request.modelId, parts.region);
      const dialect = request.shape === 'InvokeModel' ? invokeDialectOf(served.model) : undefined;
      const prompt =
        dialect === undefined
          ? readConverseRequest(request.body, served.model)
          : dialect.readRequest(request.body, served.model);
      const inference = open(
        {
          requestId: randomUUID(),
          operation: request.shape,
          modelId: request.modelId,
          region: parts.region,
          signal: new AbortController().signal,
          requestedMode: {},
          mode: request.mode,
        },
        served,
        prompt,
      );
      await drain(inference.events());
      const finished = inference.finished();
      inference.settle(true);
      const body: JsonObject =
        dialect === undefined ? converseBody(finished, {}) : dialect.responseBody(finished, prompt);
      return {
        ok: true,
        body: { ...body },
        inputTokens: reportedInput(served.model, inference.split),
        outputTokens: finished.usage.outputTokens,
      };
    } catch (error) {
      if (!(error instanceof BedrockFault)) throw error;
      return { ok: false, status: error.status, code: error.code, message: error.message };
    }
  }

  return {
    serve,
    open,
    run,
    resolve: (modelId) => resolveModel(modelId, catalogue, aliases, parts.region),
    countInput: (prompt, modelId) =>
      cacheItems(prompt, modelId, true).reduce((sum, { tokens }) => sum + tokens, 0),
  };
}

/** Whether the model thinks on this request: by its nature, its default, or because it was asked to. */
function thinksNow(prompt: Prompt, model: CatalogueModel): boolean {
  const { mode } = prompt.thinking;
  switch (model.capabilities.thinking) {
    case 'none':
      return false;
    case 'optional':
      return mode === 'enabled' || mode === 'adaptive';
    case 'default':
      return mode !== 'disabled';
    case 'always':
      return true;
  }
}

/** Runs events to their end. */
export async function drain(events: AsyncIterable<AnswerEvent>): Promise<void> {
  const iterator = events[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
}

export { ON_DEMAND };
