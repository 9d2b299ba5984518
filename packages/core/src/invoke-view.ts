import type { Dialect } from '@costkit/pricing';
import { BaseView, pinnedBy, placeable } from './base-view.js';
import {
  asRecord,
  asString,
  asText,
  type Body,
  type BodyReading,
  type DialectAdapter,
} from './dialects/dialect-adapter.js';
import { findDialect } from './dialects/find-dialect.js';
import { readBody, writeBody } from './invoke-body.js';
import { PromptReading } from './prompt-reading.js';
import type { Tags } from './receipt.js';
import type {
  CachePoint,
  InferenceOperation,
  PinnedPart,
  RequestFeatures,
  RequestView,
} from './request-view.js';

const NOT_IN_DIALECT = 'this request body has no place for it';

/** InvokeModel and InvokeModelWithResponseStream requests, through the adapter of their dialect. */
export class InvokeView extends BaseView {
  readonly operation: InferenceOperation;
  readonly dialect: Dialect;
  readonly input: Body;
  readonly #adapter: DialectAdapter;
  readonly #body: Body;
  readonly #reading: BodyReading;
  readonly prompt: PromptReading;
  #pinned: ReadonlyMap<PinnedPart, string> | undefined;

  private constructor(
    operation: InferenceOperation,
    input: Body,
    known: { readonly dialect: Dialect; readonly adapter: DialectAdapter },
    body: Body,
    like?: { readonly reading: BodyReading; readonly prompt: PromptReading },
  ) {
    super();
    this.operation = operation;
    this.input = input;
    this.dialect = known.dialect;
    this.#adapter = known.adapter;
    this.#body = body;
    const reading = like?.reading ?? known.adapter.read(body);
    this.#reading = reading;
    this.prompt = like?.prompt ?? new PromptReading(reading.blocks, () => reading.features);
  }

  /** `undefined` when the body is no JSON object or no adapter knows its dialect. */
  static read(
    operation: InferenceOperation,
    input: object,
    dialect: Dialect | undefined,
  ): InvokeView | undefined {
    const body = readBody((input as Body)['body']);
    const known = body === undefined ? undefined : findDialect(dialect, body);
    return body === undefined || known === undefined
      ? undefined
      : new InvokeView(operation, input as Body, known, body);
  }

  /** How the bodies of this request and its answer are read. */
  get adapter(): DialectAdapter {
    return this.#adapter;
  }

  /** What is billed beside tokens. */
  get units(): Readonly<Record<string, number>> {
    return this.#reading.units ?? {};
  }

  get modelId(): string {
    return asText(this.input['modelId']);
  }

  get tags(): Tags {
    const metadata = asString(this.input['requestMetadata']);
    return metadata === undefined ? {} : (asRecord(readBody(metadata)) as Tags);
  }

  get maxTokens(): number | undefined {
    return this.#reading.maxTokens;
  }

  get tier(): string | undefined {
    return asString(this.input['serviceTier']);
  }

  get cachePoints(): readonly CachePoint[] {
    return this.#reading.cachePoints;
  }

  get features(): RequestFeatures {
    return this.input['guardrailIdentifier'] === undefined
      ? this.#reading.features
      : { ...this.#reading.features, guardrail: true };
  }

  get pinned(): ReadonlyMap<PinnedPart, string> {
    this.#pinned ??= this.#pins();
    return this.#pinned;
  }

  withModel(modelId: string): RequestView {
    return modelId === this.modelId
      ? this
      : this.#with({ ...this.input, modelId }, this.#body, this.#reading);
  }

  withMaxTokens(maxTokens: number): RequestView {
    const body = this.#adapter.withMaxTokens?.(this.#body, maxTokens);
    return body === undefined ? this : this.#withBody(body, { ...this.#reading, maxTokens });
  }

  withCachePoints(points: readonly CachePoint[]): RequestView {
    const cachePoints = placeable(points, this.blocks, this.#adapter.cachePointAt);
    if (cachePoints.length === 0 && this.cachePoints.length === 0) return this;
    const body = this.#adapter.withCachePoints?.(this.#body, cachePoints);
    return body === undefined ? this : this.#withBody(body, { ...this.#reading, cachePoints });
  }

  withInstruction(text: string): RequestView {
    const body = this.#adapter.withInstruction?.(this.#body, text);
    return body === undefined ? this : this.#withBody(body);
  }

  withContinuation(partialAnswer: string, instruction: string): RequestView {
    const body = this.#adapter.withContinuation?.(this.#body, partialAnswer, instruction);
    return body === undefined ? this : this.#withBody(body);
  }

  withMetadata(metadata: Tags): RequestView {
    const requestMetadata = JSON.stringify({ ...this.tags, ...metadata });
    return this.#with({ ...this.input, requestMetadata }, this.#body, this.#reading);
  }

  #withBody(body: Body, reading?: BodyReading): InvokeView {
    return this.#with({ ...this.input, body: writeBody(body) }, body, reading);
  }

  /** @param reading - what the body says, where its blocks are the same. */
  #with(input: Body, body: Body, reading?: BodyReading): InvokeView {
    const known = { dialect: this.dialect, adapter: this.#adapter };
    const like = reading === undefined ? undefined : { reading, prompt: this.prompt };
    return new InvokeView(this.operation, input, known, body, like);
  }

  #pins(): ReadonlyMap<PinnedPart, string> {
    const pinned = new Map([...pinnedBy(this.features, this.blocks), ...(this.#reading.pinned ?? [])]);
    const pin = (part: PinnedPart, possible: boolean): void => {
      if (!possible && !pinned.has(part)) pinned.set(part, NOT_IN_DIALECT);
    };
    pin('maxTokens', this.#adapter.withMaxTokens !== undefined);
    pin('messages', this.#adapter.withInstruction !== undefined);
    pin('cachePoints', this.#adapter.withCachePoints !== undefined);
    if (this.#adapter.withMaxTokens === undefined)
      pinned.set('model', 'vectors of another model are other vectors');
    return pinned;
  }
}
