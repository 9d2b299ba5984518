import { BaseView, pinnedBy, placeable } from './base-view.js';
import {
  type ConverseReading,
  converseFeatures,
  readConverseBlocks,
  withConversePoints,
} from './converse-blocks.js';
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
  readonly blocks: readonly Block[];
  readonly cachePoints: readonly CachePoint[];
  #features: RequestFeatures | undefined;
  #pinned: ReadonlyMap<PinnedPart, string> | undefined;

  constructor(operation: InferenceOperation, input: object, reading?: ConverseReading) {
    super();
    this.operation = operation;
    this.input = input as Body;
    const { blocks, cachePoints } = reading ?? readConverseBlocks(this.input);
    this.blocks = blocks;
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
    this.#features ??= converseFeatures(this.input, this.blocks);
    return this.#features;
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
    return this.#edit({ ...this.input, inferenceConfig });
  }

  withCachePoints(points: readonly CachePoint[]): RequestView {
    const cachePoints = placeable(points, this.blocks);
    if (cachePoints.length === 0 && this.cachePoints.length === 0) return this;
    return new ConverseView(this.operation, withConversePoints(this.input, cachePoints), {
      blocks: this.blocks,
      cachePoints,
    });
  }

  withInstruction(text: string): RequestView {
    const messages = asArray(this.input['messages']);
    const last = asRecord(messages.at(-1));
    // What is no list of blocks is the caller's mistake to hear of: an instruction alone would be answered and paid.
    if (last['role'] !== 'user' || !Array.isArray(last['content'])) return this;
    const content = [...last['content'], { text }];
    return this.#reread({ ...this.input, messages: [...messages.slice(0, -1), { ...last, content }] });
  }

  withContinuation(partialAnswer: string, instruction: string): RequestView {
    const messages = continued(asArray(this.input['messages']), {
      answer: { text: partialAnswer },
      instruction: { text: instruction },
      listOf: asArray,
    });
    return this.#reread({ ...this.input, messages });
  }

  withMetadata(metadata: Tags): RequestView {
    return this.#edit({ ...this.input, requestMetadata: { ...this.tags, ...metadata } });
  }

  /** An edit that leaves all blocks where they are. */
  #edit(input: Body): ConverseView {
    return new ConverseView(this.operation, input, { blocks: this.blocks, cachePoints: this.cachePoints });
  }

  #reread(input: Body): ConverseView {
    return new ConverseView(this.operation, input);
  }
}
