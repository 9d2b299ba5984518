import type { Dialect } from '@costkit/pricing';
import type { PromptReading } from './prompt-reading.js';
import type { Tags } from './receipt.js';
import type {
  Block,
  CachePoint,
  InferenceOperation,
  PinnedPart,
  RequestFeatures,
  RequestView,
} from './request-view.js';

/** What every readable view derives from its blocks. */
export abstract class BaseView implements RequestView {
  abstract readonly operation: InferenceOperation;
  abstract readonly dialect: 'converse' | Dialect;
  abstract readonly input: object;
  abstract readonly modelId: string;
  abstract readonly tags: Tags;
  abstract readonly maxTokens: number | undefined;
  abstract readonly tier: string | undefined;
  abstract readonly cachePoints: readonly CachePoint[];
  abstract readonly features: RequestFeatures;
  abstract readonly pinned: ReadonlyMap<PinnedPart, string>;
  abstract readonly prompt: PromptReading;

  get blocks(): readonly Block[] {
    return this.prompt.blocks;
  }

  get streaming(): boolean {
    return this.operation === 'ConverseStream' || this.operation === 'InvokeModelWithResponseStream';
  }

  get textLength(): number {
    return this.blocks.reduce((length, block) => length + block.text.length, 0);
  }

  get lastUserText(): string {
    const last = this.blocks.findLast((block) => block.role === 'user')?.messageIndex;
    return this.#join((block) => last !== undefined && block.messageIndex === last && block.kind === 'text');
  }

  get systemText(): string {
    return this.#join((block) => block.section === 'system');
  }

  #join(wanted: (block: Block) => boolean): string {
    return this.blocks
      .filter(wanted)
      .map((block) => block.text)
      .join('\n');
  }

  abstract withModel(modelId: string): RequestView;
  abstract withMaxTokens(maxTokens: number): RequestView;
  abstract withCachePoints(points: readonly CachePoint[]): RequestView;
  abstract withInstruction(text: string): RequestView;
  abstract withContinuation(partialAnswer: string, instruction: string): RequestView;
  abstract withMetadata(metadata: Tags): RequestView;
}

/**
 * What must stay as it is, from what the conversation holds. Signatures of reasoning blocks are accepted by
 * their own model only; a model in the middle of a tool loop keeps it; guarded content keeps its surroundings.
 */
export function pinnedBy(features: RequestFeatures, blocks: readonly Block[]): Map<PinnedPart, string> {
  const pinned = new Map<PinnedPart, string>();
  if (features.reasoning)
    pinned.set('model', 'the conversation holds reasoning that only its own model accepts');
  if (features.toolLoop) {
    pinned.set('model', 'the model is in the middle of a tool loop');
    pinned.set('messages', 'the last message answers a tool call');
  }
  if (blocks.some((block) => block.kind === 'guardContent')) {
    pinned.set('system', 'the request marks content for a guardrail');
    pinned.set('messages', 'the request marks content for a guardrail');
  }
  return pinned;
}

/**
 * The points that stand behind a block that there is and that can hold one, in order, one for each block; of two the
 * last counts. So a view says of itself what reading its input anew would say.
 */
export function placeable(
  points: readonly CachePoint[],
  blocks: readonly Block[],
  at: (point: CachePoint, block: Block) => CachePoint | undefined = (point) => point,
): readonly CachePoint[] {
  const placed = new Map<number, CachePoint>();
  for (const { afterBlock, ttl } of points) {
    const block = blocks[afterBlock];
    const point = { afterBlock, ...(ttl === undefined ? {} : { ttl }) };
    const held = block === undefined ? undefined : at(point, block);
    if (held !== undefined) placed.set(afterBlock, held);
  }
  return [...placed.values()].sort((one, other) => one.afterBlock - other.afterBlock);
}
