import { BaseView, pinnedBy, placeable } from './base-view.js';
import { converseFeatures, readConverseBlocks, withConversePoints } from './converse-blocks.js';
import {
  asArray,
  asNumber,
  asRecord,
  asString,
  asText,
  type Body,
  continued,
} from './dialects/dialect-adapter.js';
import { isPromptArn } from './is-prompt-arn.js';
import { pinAll } from './opaque-view.js';
import { PromptReading } from './prompt-reading.js';
import type { Tags } from './receipt.js';
import type {
  Block,
  CachePoint,
  InferenceOperation,
  PinnedPart,
  RequestFeatures,
  RequestView,
} from './request-view.js';

const PROMPT_PINS = pinAll('a prompt resource takes no cap, system or tools (Bedrock user guide, Converse)');

/** Converse and ConverseStream requests. */
export class ConverseView extends BaseView {
  readonly dialect = 'converse' as const;
  readonly operation: InferenceOperation;
  readonly input: Body;
  readonly prompt: PromptReading;
  readonly cachePoints: readonly CachePoint[];
  #pinned: ReadonlyMap<PinnedPart, string> | undefined;

  /** @param like - a view of the same blocks and points. */
  constructor(
    operation: InferenceOperation,
    input: object,
    like?: { readonly prompt: PromptReading; readonly cachePoints: readonly CachePoint[] },
  ) {
    super();
    this.operation = operation;
    this.input = input as Body;
    if (like !== undefined) {
      this.prompt = like.prompt;
      this.cachePoints = like.cachePoints;
      return;
    }
    const { blocks, cachePoints } = readConverseBlocks(this.input);
    this.prompt = new PromptReading(blocks, (all) => converseFeatures(this.input, all));
    this.cachePoints = cachePoints;
  }

  get modelId(): string {
    return asText(this.input['modelId']);
  }

  get tags(): Tags {
    return asRecord(this.input['requestMetadata']) as Tags;
  }

  get maxTokens(): number | undefined {
    return asNumber(asRecord(this.input['inferenceConfig'])['maxTokens']);
  }

  get tier(): string | undefined {
    return asString(asRecord(this.input['serviceTier'])['type']);
  }

  get features(): RequestFeatures {
    return this.prompt.features;
  }

  get pinned(): ReadonlyMap<PinnedPart, string> {
    this.#pinned ??= isPromptArn(this.modelId) ? PROMPT_PINS : pinnedBy(this.features, this.blocks);
    return this.#pinned;
  }

  withModel(modelId: string): RequestView {
    return modelId === this.modelId ? this : this.#edit({ ...this.input, modelId });
  }

  withMaxTokens(maxTokens: number): RequestView {
    const inferenceConfig = { ...asRecord(this.input['inferenceConfig']), maxTokens };
    const edited = this.#edit({ ...this.input, inferenceConfig });
    edited.#pinned = this.#pinned;
    return edited;
  }

  withCachePoints(points: readonly CachePoint[]): RequestView {
    const cachePoints = placeable(points, this.blocks);
    if (cachePoints.length === 0 && this.cachePoints.length === 0) return this;
    const edited = this.#edit(withConversePoints(this.input, cachePoints), {
      prompt: this.prompt,
      cachePoints,
    });
    edited.#pinned = this.#pinned;
    return edited;
  }

  withInstruction(text: string): RequestView {
    const messages = asArray(this.input['messages']);
    const last = asRecord(messages.at(-1));
    // What is no list of blocks is the caller's mistake to hear of: an instruction alone would be answered and paid.
    if (last['role'] !== 'user' || !Array.isArray(last['content'])) return this;
    const edited = messages.slice();
    edited[edited.length - 1] = { ...last, content: [...last['content'], { text }] };
    const block: Block = {
      section: 'messages',
      kind: 'text',
      role: 'user',
      messageIndex: messages.length - 1,
      text,
    };
    return this.#edit(
      { ...this.input, messages: edited },
      { prompt: this.prompt.with(block), cachePoints: this.cachePoints },
    );
  }

  withContinuation(partialAnswer: string, instruction: string): RequestView {
    const messages = continued(asArray(this.input['messages']), {
      answer: { text: partialAnswer },
      instruction: { text: instruction },
      listOf: asArray,
    });
    return new ConverseView(this.operation, { ...this.input, messages });
  }

  withMetadata(metadata: Tags): RequestView {
    return this.#edit({ ...this.input, requestMetadata: { ...this.tags, ...metadata } });
  }

  /** An edit that leaves all blocks where they are. */
  #edit(input: Body, like: Pick<ConverseView, 'prompt' | 'cachePoints'> = this): ConverseView {
    return new ConverseView(this.operation, input, like);
  }
}
