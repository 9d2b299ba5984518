import type { ResolvedModel, Usage } from '@costkit/pricing';
import { estimateTokens } from '@costkit/tokens';
import { ReadableOutput } from './call-output.js';
import type { CallState } from './call-state.js';
import { errorName } from './error-name.js';
import { estimatedTokens } from './estimated-tokens.js';
import { hasGuardrailUnits, UNSEEN_GUARDRAIL } from './guardrail-units.js';
import type { CallOutput } from './lever.js';
import { priceUsage, pricingMode, type Service } from './price-attempt.js';
import { NOTHING_READ, type Reading, readWhole, streamReader } from './reading.js';
import type { Attempt, AttemptPurpose } from './receipt.js';
import type { RequestView } from './request-view.js';
import type { HandlerResult } from './sdk.js';
import { streamOf, withStream } from './stream-member.js';
import { tapStream } from './tap-stream.js';
import { NO_USAGE, promptTokens } from './usage.js';

/** One request on its way to Bedrock, until what it used is known. */
export class AttemptState {
  readonly view: RequestView;
  readonly #call: CallState;
  readonly #purpose: AttemptPurpose;
  readonly #region: string | undefined;
  readonly #startedMs: number;
  readonly #startedAt: Date;
  #firstChunkMs: number | undefined;
  #metadata: ResponseMetadata = NO_METADATA;
  #reading: (() => Reading) | undefined;
  #stop: (() => void) | undefined;
  #settled = false;

  constructor(call: CallState, view: RequestView, purpose: AttemptPurpose, region: string | undefined) {
    this.#call = call;
    this.view = view;
    this.#purpose = purpose;
    this.#region = region;
    this.#startedMs = call.clock.monotonicMs();
    this.#startedAt = new Date(call.clock.now());
  }

  /** Bedrock has answered; a stream is watched until it ends. */
  succeed(result: HandlerResult): CallOutput {
    this.#metadata = (result.output as { $metadata?: ResponseMetadata }).$metadata ?? NO_METADATA;
    const stream = streamOf(result.output);
    if (stream === undefined) {
      const answer = new ReadableOutput(this.view, result);
      this.#settle(answer.read(this.#call.resolve(this.view.modelId)?.model));
      return answer;
    }
    const reader = streamReader(this.view, result, this.#call.resolve(this.view.modelId)?.model);
    this.#reading = reader.reading;
    const { body } = (result.response ?? {}) as { body?: { destroy?: () => void } };
    const stop = (): void => body?.destroy?.();
    // The receipt is out already: nobody will read what comes now.
    if (this.#settled) stop();
    this.#stop = stop;
    const tapped = tapStream(
      stream,
      {
        onChunk: (chunk) => {
          this.#firstChunkMs ??= this.#elapsedMs();
          reader.onChunk(chunk);
        },
        onEnd: ({ error }) => this.#settle(reader.reading(), error),
      },
      stop,
    );
    return new ReadableOutput(this.view, { ...result, output: withStream(result.output, tapped) });
  }

  /**
   * The SDK gave up.
   *
   * @param billable - whether the service may have worked on the request; how much was billed is not known then.
   */
  fail(error: unknown, billable: boolean = mayBeBilled(error)): void {
    this.#metadata = (error as { $metadata?: ResponseMetadata } | undefined)?.$metadata ?? NO_METADATA;
    if (billable) this.#settle(this.#readLost(error), error);
    else this.#end();
  }

  /** Of an answer whose body got lost there may be headers, which count its tokens. */
  #readLost(error: unknown): Reading {
    const { $response: response } = (error ?? {}) as { $response?: unknown };
    if (response === undefined) return NOTHING_READ;
    return readWhole(this.view, { output: {}, response }, this.#call.resolve(this.view.modelId)?.model);
  }

  /** Nobody waits for the answer any more, or reads its stream: the connection is closed. */
  abandon(): void {
    this.#stop?.();
    this.#settle(this.#reading?.() ?? NOTHING_READ);
  }

  /** Through a prompt router the answer says which model it was. */
  #resolve(invokedModelId: string | undefined): ResolvedModel | undefined {
    const asked = this.#call.resolve(this.view.modelId);
    return invokedModelId === undefined ? asked : (this.#call.resolve(invokedModelId) ?? asked);
  }

  #elapsedMs(): number {
    return this.#call.clock.monotonicMs() - this.#startedMs;
  }

  #settle(reading: Reading, error?: unknown): void {
    if (this.#settled) return;
    const measured = reading.usage !== undefined && reading.complete;
    const usage = measured ? reading.usage.usage : this.#estimateUsage(reading);
    const resolved = this.#resolve(reading.invokedModelId);
    const service: Service = {
      resolved,
      region: this.#region,
      tier: reading.tier ?? this.view.tier,
      latencyMode: reading.latencyMode,
      batch: false,
      at: this.#startedAt,
      priceOverrides: this.#call.priceOverrides,
    };
    const { attempts, requestId } = this.#metadata;
    const attempt: { -readonly [Member in keyof Attempt]: Attempt[Member] } = {
      purpose: this.#purpose,
      modelId: this.view.modelId,
      servedModel: resolved?.model.id ?? reading.invokedModelId ?? this.view.modelId,
      scope: resolved?.scope ?? 'unknown',
      region: this.#region ?? 'unknown',
      mode: pricingMode(service),
      startedAt: this.#startedAt,
      latencyMs: this.#elapsedMs(),
      usage,
      // Where nothing was counted and nothing can be read, nothing is known: an unknown price is never 0.
      cost:
        reading.usage === undefined && this.view.dialect === 'unknown'
          ? undefined
          : priceUsage(usage, service),
      quality: measured && reading.usage.certain ? 'measured' : 'estimated',
      complete: reading.complete,
    };
    // Members that are there or not are set one by one: spreading each would cost more than all of the rest.
    if (this.#firstChunkMs !== undefined) attempt.firstChunkMs = this.#firstChunkMs;
    if (attempts !== undefined) attempt.sdkAttempts = attempts;
    if (requestId !== undefined) attempt.requestId = requestId;
    if (reading.stopReason !== undefined) attempt.stopReason = reading.stopReason;
    if (this.view.features.guardrail && !hasGuardrailUnits(usage)) this.#call.decide(UNSEEN_GUARDRAIL);
    if (error !== undefined) attempt.error = errorName(error);
    this.#end({ attempt, service });
  }

  /** What was reported before the end; else input by estimate and output by the text that was seen. */
  #estimateUsage({ usage: reported, text }: Reading): Usage {
    const seen = reported?.usage;
    const hasInput = seen !== undefined && promptTokens(seen) > 0;
    const { view } = this;
    const { calibration } = this.#call;
    const model = this.#call.resolve(view.modelId)?.model.id ?? view.modelId;
    return {
      ...(hasInput ? seen : { ...NO_USAGE, input: Math.ceil(estimatedTokens(view, this.#call).total) }),
      output: Math.max(seen?.output ?? 0, estimateTokens(text, { model, calibration }).tokens),
    };
  }

  #end(booked?: { readonly attempt: Attempt; readonly service: Service }): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#call.endAttempt(this, booked);
  }
}

interface ResponseMetadata {
  readonly httpStatusCode?: number;
  readonly attempts?: number;
  readonly requestId?: string;
}

const NO_METADATA: ResponseMetadata = {};

const INTERRUPTED = /\b(AbortError|TimeoutError|ECONNRESET|EPIPE|ETIMEDOUT|ERR_HTTP2_S\w+_ERROR)\b/;

/**
 * Whether the service may have worked on a request that ended so: nobody tells the client. What was refused is not
 * billed; a request that was aborted, timed out or lost its connection may be, and an answer is that was lost on its
 * way, behind a status of success.
 */
export function mayBeBilled(error: unknown): boolean {
  const { name, code, syscall, message, $metadata } = (error ?? {}) as {
    name?: string;
    code?: string;
    syscall?: string;
    message?: string;
    $metadata?: ResponseMetadata;
  };
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return status >= 200 && status < 300;
  // Without a connection nothing was sent; the SDK's own limit on connecting says so in its message alone.
  return (
    INTERRUPTED.test(`${name} ${code}`) &&
    syscall !== 'connect' &&
    !/establish\w* a connection/.test(`${message}`)
  );
}
