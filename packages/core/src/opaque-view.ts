import { asRecord, asText, NO_FEATURES } from './dialects/dialect-adapter.js';
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

const ALL_PARTS: readonly PinnedPart[] = ['model', 'maxTokens', 'system', 'tools', 'messages', 'cachePoints'];

/** Pins every part of a request for one reason. */
export function pinAll(reason: string): ReadonlyMap<PinnedPart, string> {
  return new Map(ALL_PARTS.map((part) => [part, reason]));
}

const UNKNOWN = pinAll('no view knows this request body');
const UNREAD = new PromptReading([], () => NO_FEATURES);

/** A request that no view can read: metered, otherwise left alone. */
export class OpaqueView implements RequestView {
  readonly operation: InferenceOperation;
  readonly input: object;
  readonly dialect = 'unknown' as const;
  readonly tags: Tags = {};
  readonly maxTokens: number | undefined = undefined;
  readonly tier: string | undefined = undefined;
  readonly prompt: PromptReading = UNREAD;
  readonly blocks: readonly Block[] = UNREAD.blocks;
  readonly cachePoints: readonly CachePoint[] = [];
  readonly features: RequestFeatures = NO_FEATURES;
  readonly pinned: ReadonlyMap<PinnedPart, string> = UNKNOWN;
  readonly textLength: number = 0;
  readonly lastUserText: string = '';
  readonly systemText: string = '';

  constructor(operation: InferenceOperation, input: object) {
    this.operation = operation;
    this.input = input;
  }

  get streaming(): boolean {
    return this.operation === 'ConverseStream' || this.operation === 'InvokeModelWithResponseStream';
  }

  get modelId(): string {
    return asText(asRecord(this.input)['modelId']);
  }

  withModel(): RequestView {
    return this;
  }

  withMaxTokens(): RequestView {
    return this;
  }

  withCachePoints(): RequestView {
    return this;
  }

  withInstruction(): RequestView {
    return this;
  }

  withContinuation(): RequestView {
    return this;
  }

  withMetadata(): RequestView {
    return this;
  }
}
