import type { CatalogueModel } from '@costkit/pricing/catalogue';
import {
  type AnswerCollector,
  createAnswerCollector,
  type FinishedAnswer,
  type FinishedPart,
} from '../dialects/finished-answer.js';
import { cacheWriteOf } from '../dialects/usage-members.js';
import { LocalBedrockError } from '../errors.js';
import type { ModelRequest } from '../models/local-model.js';
import { type AnswerEvent, playAnswer, playStream } from '../models/play-answer.js';
import type { BillLine } from '../money/ledger.js';
import type { CacheSplit } from '../money/prompt-cache.js';
import type { Prompt, PromptBlock } from '../prompt.js';
import { BedrockFault, validation } from '../wire/bedrock-fault.js';
import { readCallMode } from './call-mode.js';
import { type EngineParts, type InferenceCall, lineHead, partitionOf } from './engine-parts.js';
import { assess, billedUnits, findGuardrail, type GuardrailRun } from './guardrail.js';
import { promptItems, totalTokens } from './prompt-items.js';
import type { ServedModel } from './resolve-model.js';

/** Claude looks for an earlier entry so many blocks before a cache point ("simplified management"). */
const CLAUDE_LOOK_BACK_BLOCKS = 20;

/** An inference that was let in: validated, reserved, its input counted. */
export interface Inference {
  readonly requestId: string;
  readonly served: ServedModel;
  readonly split: CacheSplit;
  /** The answer's events; taking them fills {@link Inference.finished} and the prompt cache. */
  events(): AsyncGenerator<AnswerEvent>;
  /** The answer so far, with its usage. */
  finished(): FinishedAnswer;
  /** Books the request, once; later calls return the same line. */
  settle(answerComplete: boolean): BillLine;
}

/** Lets a request in. @throws {@link BedrockFault} when the service would refuse it. */
export function openInference(
  parts: EngineParts,
  call: InferenceCall,
  served: ServedModel,
  prompt: Prompt,
): Inference {
  const { clock, tokenizer } = parts;
  const { model, scope, billing } = served;
  const mode = call.mode ?? readCallMode(call.requestedMode, model, parts.reservedModels);
  const guardrail = guardrailFor(parts, call, prompt);
  // Batch inference has no prompt cache; that it ignores cache points is assumed.
  const items = promptItems(prompt, model.id, tokenizer, !mode.batch);
  if (model.contextWindow !== undefined && totalTokens(items) > model.contextWindow) {
    throw validation('Input is too long for requested model.');
  }
  const lookup = parts.promptCache.look({
    partition: partitionOf(parts, call, model),
    rules: mode.batch ? undefined : model.capabilities.cache,
    items,
    messageSettings: prompt.thinking.mode,
    lookBackBlocks: model.dialect === 'anthropic' ? CLAUDE_LOOK_BACK_BLOCKS : 0,
  });
  const { split } = lookup;
  const countedInput = split.input + cacheWriteOf(split);
  const maxTokens = prompt.maxTokens ?? model.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  const reservation = mode.batch
    ? undefined
    : parts.quotas.reserve(
        [call.modelId, model.id],
        partitionOf(parts, call, model),
        countedInput + (Number.isFinite(maxTokens) ? maxTokens : 0),
      );
  const collector = createAnswerCollector();
  const startedAt = clock.now();
  let firstByteAt: number | undefined;
  let line: BillLine | undefined;

  async function* events(): AsyncGenerator<AnswerEvent> {
    lookup.commit();
    try {
      for await (const event of await play()) {
        firstByteAt ??= clock.now();
        // Counted when it is taken, so that what a client left behind is not billed.
        collector.take(event);
        yield event;
      }
    } catch (error) {
      if (error instanceof LocalBedrockError) throw new BedrockFault('ModelErrorException', error.message);
      throw error;
    }
  }

  async function play(): Promise<Iterable<AnswerEvent> | AsyncIterable<AnswerEvent>> {
    const limits = { maxTokens, stopSequences: prompt.stopSequences };
    const asked = modelRequest(parts, prompt, model, call.signal);
    const local = parts.modelFor(call.modelId, model.id);
    return call.streamed && local.stream !== undefined
      ? playStream(local.stream(asked), limits, tokenizer, model.id)
      : playAnswer(await local.answer(asked), limits, tokenizer, model.id);
  }

  return {
    requestId: call.requestId,
    served,
    split,
    events,
    finished: () => ({
      requestId: call.requestId,
      model,
      ...answerSoFar(collector),
      usage: {
        split,
        outputTokens: collector.outputTokens,
        thinkingTokens: collector.thinkingTokens,
        cachePointSent: items.some(({ cachePoint }) => cachePoint !== undefined),
      },
      guardrail: guardrail?.(collector.parts),
      latencyMs: clock.now() - startedAt,
      firstByteMs: (firstByteAt ?? clock.now()) - startedAt,
    }),
    settle(answerComplete) {
      if (line !== undefined) return line;
      const output = collector.outputTokens;
      reservation?.settle(countedInput + output * model.capabilities.outputBurndown);
      line = parts.ledger.book({
        ...lineHead(call),
        model,
        scope,
        mode,
        billing,
        tokens: { ...split, output, cacheWrite30m: 0 },
        units: billedUnits(guardrail?.(collector.parts)),
        answerComplete,
      });
      return line;
    },
  };
}

/** Runs the guardrail that a request names over its text and over an answer's. */
function guardrailFor(
  parts: EngineParts,
  { guardrail: asked }: InferenceCall,
  { messages }: Prompt,
): ((answer: readonly FinishedPart[]) => GuardrailRun) | undefined {
  if (asked === undefined) return undefined;
  const guardrail = findGuardrail(parts.guardrails, asked);
  const textOf = (blocks: readonly { readonly text: string }[]): string =>
    blocks.map(({ text }) => text).join('');
  const input = assess(guardrail, textOf(messages.flatMap(({ blocks }) => blocks)));
  return (answer) => ({
    ...asked,
    input,
    output: assess(guardrail, textOf(answer.filter(({ type }) => type === 'text'))),
  });
}

function answerSoFar(
  collector: AnswerCollector,
): Pick<FinishedAnswer, 'parts' | 'stopReason' | 'stopSequence'> {
  const { parts, stopReason, stopSequence } = collector;
  return { parts, stopReason, ...(stopSequence === undefined ? {} : { stopSequence }) };
}

function modelRequest(
  parts: EngineParts,
  prompt: Prompt,
  model: CatalogueModel,
  signal: AbortSignal,
): ModelRequest {
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
    countTokens: (text) => parts.tokenizer.count(text, model.id),
    signal,
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
