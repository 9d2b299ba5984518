import { randomUUID } from 'node:crypto';
import { type PriceOverride, type ResolvedModel, resolveModel } from '@costkit/pricing';
import type { Calibration } from '@costkit/tokens';
import { AttemptState } from './attempt-state.js';
import { calibrationOf } from './calibration-of.js';
import type { Clock } from './clock.js';
import { errorName } from './error-name.js';
import { followModels, type ModelsByArn, readKnownModels } from './known-models.js';
import { learnTokens } from './learn-tokens.js';
import type { Booking, Call, CallOutput, Counterfactual, Lever } from './lever.js';
import { writeMetadata } from './metadata-tags.js';
import { priceUsage, pricingMode, type Service } from './price-attempt.js';
import type { Attempt, AttemptPurpose, Decision, Receipt, Tags } from './receipt.js';
import { draftReceipt, type ReceiptDraft, settleReceipt } from './receipt-draft.js';
import { bindReceipt, publishReceipt } from './receipt-registry.js';
import type { InferenceOperation, RequestView } from './request-view.js';
import { currentScope } from './scope.js';
import type { CoreSettings } from './settings.js';
import { streamOf, withStream } from './stream-member.js';
import { tapStream } from './tap-stream.js';
import type { Travel } from './travel.js';

// A stream that nobody ever reads has a receipt too: it settles when the stream is collected as garbage.
const abandoned = new FinalizationRegistry<CallState>((call) => call.settle());

/** What went out for an attempt, and how it was served. */
export interface Sent {
  readonly view: RequestView;
  readonly service: Service;
}

/** What is known before a call opens. */
interface Surroundings {
  readonly region: string | undefined;
  readonly models: ModelsByArn;
  readonly calibration: Calibration;
}

// A client stays in its Region: it is asked once, so that later calls wait for nothing.
const regions = new WeakMap<CoreSettings['region'], string>();

/** Without a Region the SDK will say so, in its own words. */
async function askRegion(region: CoreSettings['region']): Promise<string | undefined> {
  try {
    const name = await region();
    if (name !== undefined) regions.set(region, name);
    return name;
  } catch {
    return undefined;
  }
}

/** The tags of a call; inner ones win. Where one source alone has any, it is that very object. */
function joinTags(settings: Tags, scope: Tags, request: Tags): Tags {
  if (isEmpty(request))
    return isEmpty(scope) ? settings : isEmpty(settings) ? scope : { ...settings, ...scope };
  return { ...settings, ...scope, ...request };
}

function isEmpty(tags: Tags): boolean {
  for (const _name in tags) return false;
  return true;
}

/** One call from its first middleware to its receipt. */
export class CallState implements Call {
  readonly id: string = randomUUID();
  readonly operation: InferenceOperation;
  readonly original: RequestView;
  readonly tags: Tags;
  readonly startedAt: Date;
  readonly region: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly calibration: Calibration;
  readonly attempts: Attempt[] = [];
  readonly decisions: Decision[] = [];
  counterfactual: Counterfactual = {};
  readonly #settings: CoreSettings;
  readonly #levers: readonly Lever[];
  readonly #startedMs: number;
  readonly #receipt: ReceiptDraft;
  readonly #models: ModelsByArn;
  /** In the order of the attempts. */
  readonly #sent: Sent[] = [];
  readonly #open = new Set<AttemptState>();
  #firstChunkMs: number | undefined;
  #error: string | undefined;

  private constructor(
    view: RequestView,
    travel: Travel,
    { region, models, calibration }: Surroundings,
    signal: AbortSignal | undefined,
  ) {
    const { settings, levers } = travel;
    const scope = currentScope();
    this.original = view;
    this.operation = view.operation;
    this.#settings = settings;
    this.#levers = levers;
    this.#models = models;
    this.#startedMs = settings.clock.monotonicMs();
    this.startedAt = new Date(settings.clock.now());
    this.region = region;
    this.signal = signal;
    this.calibration = calibration;
    this.tags = joinTags(settings.tags, scope.tags, view.tags);
    this.#receipt = draftReceipt(this);
    for (const collector of scope.collectors) collector.push(this.#receipt);
  }

  /** Opens the receipt of a call; at once where Region and models are known from an earlier one. */
  static open(
    view: RequestView,
    travel: Travel,
    signal: AbortSignal | undefined,
  ): CallState | Promise<CallState> {
    const { settings } = travel;
    const { region: askedRegion, models: givenModels } = settings;
    const region = regions.get(askedRegion);
    const models = readKnownModels(givenModels);
    const calibration = calibrationOf(settings);
    const ready = calibration.ready();
    if (region !== undefined && ready === undefined && !(models instanceof Promise)) {
      return new CallState(view, travel, { region, models, calibration }, signal);
    }
    return Promise.all([region ?? askRegion(askedRegion), models, ready]).then(
      ([askedFor, known]) =>
        new CallState(view, travel, { region: askedFor, models: known, calibration }, signal),
    );
  }

  get clock(): Clock {
    return this.#settings.clock;
  }

  get priceOverrides(): readonly PriceOverride[] {
    return this.#settings.priceOverrides;
  }

  /** Milliseconds since the call began. */
  get elapsedMs(): number {
    return this.clock.monotonicMs() - this.#startedMs;
  }

  get firstChunkMs(): number | undefined {
    return this.#firstChunkMs;
  }

  get error(): string | undefined {
    return this.#error;
  }

  decide(decision: Decision): void {
    // A receipt that is out cannot change any more.
    if (!this.#receipt.settled) this.decisions.push(decision);
  }

  resolve(modelId: string): ResolvedModel | undefined {
    return this.#models.get(modelId) ?? resolveModel(followModels(modelId, this.#settings.models));
  }

  /** What went out for an attempt of this call. */
  sent(attempt: Attempt): Sent {
    return this.#sent[this.attempts.indexOf(attempt)] as Sent;
  }

  /** Writes the allowed tags into the request's metadata. */
  withMetadata(view: RequestView): RequestView {
    return this.#settings.metadataTags.length === 0 ? view : writeMetadata(view, this, this.#settings);
  }

  beginAttempt(view: RequestView, purpose: AttemptPurpose, region: string | undefined): AttemptState {
    const attempt = new AttemptState(this, view, purpose, region ?? this.region);
    this.#open.add(attempt);
    return attempt;
  }

  /** Books a settled attempt and tells the levers. */
  endAttempt(state: AttemptState, booked?: { readonly attempt: Attempt; readonly service: Service }): void {
    this.#open.delete(state);
    if (booked !== undefined) this.#add(booked.attempt, { view: state.view, service: booked.service });
    else this.#tell((lever) => lever.onRefused?.(state.view, this));
  }

  book({ view, usage, quality = 'measured', stopReason, startedAt }: Booking): void {
    const resolved = this.resolve(view.modelId);
    const service: Service = {
      resolved,
      region: this.region,
      tier: undefined,
      latencyMode: undefined,
      batch: true,
      at: startedAt,
      priceOverrides: this.priceOverrides,
    };
    const attempt: Attempt = {
      purpose: 'answer',
      modelId: view.modelId,
      servedModel: resolved?.model.id ?? view.modelId,
      scope: resolved?.scope ?? 'unknown',
      region: this.region ?? 'unknown',
      mode: pricingMode(service),
      startedAt,
      latencyMs: this.clock.now() - startedAt.getTime(),
      ...(stopReason === undefined ? {} : { stopReason }),
      usage,
      cost: priceUsage(usage, service),
      quality,
      complete: quality === 'measured',
    };
    this.#add(attempt, { view, service });
  }

  /** The answer is on its way to the caller: settles the receipt, for a stream once that has ended. */
  finish(answer: CallOutput): CallOutput {
    const stream = streamOf(answer.output);
    if (stream === undefined) {
      this.settle();
      bindReceipt(answer.output, this.#receipt);
      return answer;
    }
    const tapped = tapStream(
      stream,
      {
        onChunk: () => {
          this.#firstChunkMs ??= this.elapsedMs;
        },
        onEnd: ({ error }) => {
          abandoned.unregister(this);
          if (error !== undefined) this.#failed(error);
          this.settle();
        },
      },
      () => undefined,
    );
    abandoned.register(tapped, this, this);
    // The SDK’s older kind of signal has no listeners.
    this.signal?.addEventListener?.('abort', this.#settleSoon);
    const output = withStream(answer.output, tapped);
    bindReceipt(output, this.#receipt);
    bindReceipt(tapped, this.#receipt);
    return { output, response: answer.response, view: undefined };
  }

  /** The call ends with an error; what was paid before is on the receipt. */
  fail(error: unknown): void {
    this.#failed(error);
    this.settle();
  }

  /** Whoever leaves by the signal may never ask the stream again. One who waits for a chunk is told by the SDK first. */
  readonly #settleSoon = (): void => {
    setTimeout(() => this.settle());
  };

  /** Makes the receipt final. A lever may have left a stream unread: it settles from the evidence seen. */
  settle(): void {
    if (this.#receipt.settled) return;
    this.signal?.removeEventListener?.('abort', this.#settleSoon);
    for (const attempt of this.#open) attempt.abandon();
    const receipt: Receipt = settleReceipt(this.#receipt, this);
    this.#tell((lever) => lever.onReceipt?.(receipt, this));
    publishReceipt(receipt);
  }

  #add(attempt: Attempt, sent: Sent): void {
    if (this.#receipt.settled) return;
    this.attempts.push(attempt);
    this.#sent.push(sent);
    try {
      learnTokens(this.calibration, sent.view, attempt);
    } catch {
      // A calibration of the application's own may fail; no call does for it.
    }
    this.#tell((lever) => lever.onAttempt?.(attempt, sent.view, this));
  }

  /** Observing code can never fail a call. */
  #tell(tell: (lever: Lever) => void): void {
    for (const lever of this.#levers) {
      const { name, mode } = lever;
      if (mode === 'off') continue;
      try {
        tell(lever);
      } catch {
        this.decide({ lever: name, mode, action: 'failed', reason: 'The lever threw while it observed.' });
      }
    }
  }

  #failed(error: unknown): void {
    this.#error = errorName(error);
    bindReceipt(error, this.#receipt);
  }
}
